using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Hosts;

namespace StreamInsight.Orleans.Tests;

/// <summary>The same with the grain in another place than the worker: everything is packed and unpacked.</summary>
public sealed class FarPartitionGrainTests(GoldenSilo silo) : CustomerHostConformance, IClassFixture<GoldenSilo>
{
    private readonly string _partition = Guid.NewGuid().ToString("n");

    protected override ICustomerHost Create(CompiledModel model, IStateStore store) => silo.For(model).FarPartition(store, _partition);
}
