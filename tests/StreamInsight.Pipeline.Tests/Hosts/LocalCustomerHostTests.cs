namespace StreamInsight.Pipeline.Tests.Hosts;

/// <summary>Customers in the worker's process.</summary>
public sealed class LocalCustomerHostTests : CustomerHostConformance
{
    protected override ICustomerHost Create(CompiledModel model, IStateStore store) => new LocalCustomerHost(model, store);
}
