using Confluent.Kafka;

namespace StreamInsight.Cluster.Tests;

/// <summary>Where a topic ends now.</summary>
public static class TopicEnds
{
    /// <summary>By partition, the offset that its next record will have.</summary>
    public static long[] Of(string servers, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = servers, GroupId = "reader" }).SetLogHandler((_, _) => { }).Build();
        return [.. Enumerable.Range(0, partitions).Select(p => consumer.QueryWatermarkOffsets(new TopicPartition(topic, p), TimeSpan.FromSeconds(30)).High.Value)];
    }
}
