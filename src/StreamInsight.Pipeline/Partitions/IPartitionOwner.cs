namespace StreamInsight.Pipeline.Partitions;

/// <summary>What a member of a group does with the partitions that come and go. Called by the group: of one partition one call at a time, of several at the same time.</summary>
public interface IPartitionOwner
{
    /// <summary>
    /// The partition is this node's now: its state is opened, and its sources are started (<see cref="IEventSource.StartAsync"/>) and read until it is released or lost.
    /// Returns when that is so; tries until it is, or until cancelled. Throws what will not pass by itself: the node then ends.
    /// </summary>
    Task TakeAsync(int partition, IReadOnlyList<IEventSource> sources, CancellationToken cancel);

    /// <summary>The partition goes to another node: on return what was read of it is durable and nothing more is written.</summary>
    Task ReleaseAsync(int partition);

    /// <summary>The partition is another node's already: this one stops, and its store will refuse what it still writes.</summary>
    Task LoseAsync(int partition);
}
