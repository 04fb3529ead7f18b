using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace StreamInsight.Cluster.Tests;

/// <summary>Reads whole topics with a plain consumer, in no group.</summary>
public static class TopicReader
{
    /// <summary>Everything that is in a topic now, partition by partition in order.</summary>
    public static IEnumerable<(int Partition, long Offset, long TimeMs, string Text)> ReadAll(string servers, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers, GroupId = "reader", EnableAutoCommit = false, EnablePartitionEof = true, AutoOffsetReset = AutoOffsetReset.Earliest, FetchWaitMaxMs = 10,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        for (int ended = 0; ended < partitions;)
        {
            ConsumeResult<Ignore, byte[]> result = consumer.Consume(TimeSpan.FromSeconds(60)) ?? throw new TimeoutException($"{topic} does not come to an end");
            if (result.IsPartitionEOF)
                ended++;
            else
                yield return (result.Partition.Value, result.Offset.Value, result.Message.Timestamp.UnixTimestampMs, Encoding.UTF8.GetString(result.Message.Value));
        }
    }

    /// <summary>By partition, the offset that its next record will have.</summary>
    public static long[] Ends(string servers, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = servers, GroupId = "reader" }).SetLogHandler((_, _) => { }).Build();
        return [.. Enumerable.Range(0, partitions).Select(p => consumer.QueryWatermarkOffsets(new TopicPartition(topic, p), TimeSpan.FromSeconds(30)).High.Value)];
    }

    /// <summary>The events topic as a file for <c>replay</c>: ordered by record time, partition, offset, each record with its time as <c>receivedAt</c>. Returns how many.</summary>
    public static int Dump(string servers, string topic, int partitions, string file)
    {
        var records = ReadAll(servers, topic, partitions).ToList();
        foreach (var partition in records.GroupBy(r => r.Partition))
            Assert.Equal(partition.Count(), partition.Max(r => r.Offset) + 1); // nothing has fallen to the broker's retention
        records.Sort((a, b) => (a.TimeMs, a.Partition, a.Offset).CompareTo((b.TimeMs, b.Partition, b.Offset)));
        using StreamWriter writer = new(file);
        foreach (var record in records)
            writer.WriteLine($"{record.Text.TrimEnd()[..^1]},\"receivedAt\":\"{Instant(record.TimeMs)}\"}}");
        return records.Count;
    }

    public static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
