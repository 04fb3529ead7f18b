using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Hosts;

namespace StreamInsight.Orleans.Tests;

/// <summary>Every customer in a grain of its own, in another place than the worker: everything is packed and unpacked.</summary>
public sealed class FarCustomerGrainTests(GoldenSilo silo) : CustomerHostConformance, IClassFixture<GoldenSilo>
{
    protected override ICustomerHost Create(CompiledModel model, IStateStore store) => silo.For(model).FarCustomers(store);
}
