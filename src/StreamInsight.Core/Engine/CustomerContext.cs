using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.Engine;

/// <summary>What the nodes of a model's expressions read: one customer, and the event of the step if there is one. One per engine.</summary>
public sealed class CustomerContext(CompiledModel model) : EvalContext
{
    public CompiledModel Model => model;

    public FeatureScratch Scratch { get; } = new();

    /// <summary>The customer being evaluated.</summary>
    public CustomerState State = null!;

    /// <summary>The event of this step; null in timer and merge steps, where <c>event.*</c> is an error.</summary>
    public CustomerEvent? Event;

    /// <summary>The event's time, not past the customer's clock.</summary>
    public long EventTimeMs;
}
