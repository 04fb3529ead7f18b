using StreamInsight.Pipeline;

namespace StreamInsight.Orleans;

/// <summary>Where a silo finds the committed state of a partition, to read it. Any thread.</summary>
public interface IPartitionStores
{
    /// <summary>
    /// The store of a partition, which the caller disposes of. Only its loading calls are used: commits are the worker's alone. Throws
    /// <see cref="DependencyUnavailableException"/> where this silo cannot read it.
    /// </summary>
    IStateStore Open(string partition);
}
