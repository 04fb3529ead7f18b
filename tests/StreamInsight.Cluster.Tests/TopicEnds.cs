using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace StreamInsight.Cluster.Tests;

/// <summary>Where a topic ends now.</summary>
public static class TopicEnds
{
    /// <summary>By partition, the offset that its next record will have.</summary>
    public static async Task<long[]> OfAsync(string servers, string topic, int partitions)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).SetLogHandler((_, _) => { }).Build();
        ListOffsetsResult found = await admin.ListOffsetsAsync(
            Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, p), OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { RequestTimeout = TimeSpan.FromSeconds(30) });
        return [.. found.ResultInfos.Select(info => info.TopicPartitionOffsetError).OrderBy(end => end.Partition.Value).Select(end => end.Offset.Value)];
    }
}
