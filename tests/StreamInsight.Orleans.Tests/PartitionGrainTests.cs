using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Hosts;

namespace StreamInsight.Orleans.Tests;

/// <summary>All customers of a partition in one grain, on the worker's own silo.</summary>
public sealed class PartitionGrainTests(GoldenSilo silo) : CustomerHostConformance, IClassFixture<GoldenSilo>
{
    private readonly string _partition = Guid.NewGuid().ToString("n");

    protected override ICustomerHost Create(CompiledModel model, IStateStore store) => silo.For(model).Partition(store, _partition);
}
