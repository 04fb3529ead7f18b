namespace StreamInsight.Pipeline;

/// <summary>Customers live in the process of their partition's worker.</summary>
public sealed class LocalCustomerHosts : ICustomerHosts
{
    public ICustomerHost Create(CompiledModel model, IStateStore store, string partition, long generation = 0) => new LocalCustomerHost(model, store);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
