using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>Decides where the customers of partitions live. One for a process. Any thread.</summary>
public interface ICustomerHosts : IAsyncDisposable
{
    /// <summary>The host of a partition, over its store, which stays the caller's. Nothing is asked of it yet.</summary>
    /// <param name="partition">Its name; the same on every node that may have it.</param>
    /// <param name="place">Which of several partitions it is; null = there is one, everybody's home.</param>
    /// <param name="generation">Of the store, where the partition has had other owners; 0 = it has none.</param>
    ICustomerHost Create(CompiledModel model, IStateStore store, string partition, PartitionPlace? place = null, long generation = 0);

    /// <summary>The partition's worker has ended: what its host still holds is let go of. Nothing is lost by that; everything that counts is committed.</summary>
    ValueTask ReleaseAsync(string partition) => ValueTask.CompletedTask;
}
