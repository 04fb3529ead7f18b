using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Hosts;

namespace StreamInsight.Orleans.Tests;

/// <summary>Every customer in a grain of its own.</summary>
public sealed class CustomerGrainTests(GoldenSilo silo) : CustomerHostConformance, IClassFixture<GoldenSilo>
{
    protected override ICustomerHost Create(CompiledModel model, IStateStore store) => silo.For(model).Customers(store);
}
