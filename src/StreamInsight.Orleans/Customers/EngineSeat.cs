using StreamInsight.State;

namespace StreamInsight.Orleans.Customers;

/// <summary>What a thread needs for one step of a customer.</summary>
public sealed class EngineSeat(CompiledModel model)
{
    internal CustomerEngine Engine { get; } = new(model);

    internal StateWriter Writer { get; } = new();
}
