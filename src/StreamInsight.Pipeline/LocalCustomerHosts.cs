using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>Customers live in the process of their partition's worker.</summary>
public sealed class LocalCustomerHosts : ICustomerHosts
{
    public ICustomerHost Create(CompiledModel model, IStateStore store, string partition, PartitionPlace? place = null, long generation = 0) =>
        new LocalCustomerHost(model, store, place);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
