using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.Engine;

/// <summary>What the nodes of a model's expressions read: one customer, and the event of the step if there is one. One per engine.</summary>
public sealed class CustomerContext(CompiledModel model, SharedState shared) : EvalContext
{
    public CompiledModel Model => model;

    /// <summary>What all customers share.</summary>
    public SharedState Shared => shared;

    /// <summary>Tells the ranking to what is told with a trigger. The engine's own.</summary>
    internal Decider Decider = null!;

    public FeatureScratch Scratch { get; } = new();

    /// <summary>The customer being evaluated.</summary>
    public CustomerState State = null!;

    /// <summary>The event of this step; null in timer and merge steps, where <c>event.*</c> is an error.</summary>
    public CustomerEvent? Event;

    /// <summary>The event's time, not past the customer's clock.</summary>
    public long EventTimeMs;

    /// <summary>Queues as the customer's last step saw them; null = as they stand now.</summary>
    internal QueueState?[]? KnownQueues;

    internal QueueState? Queue(int queue) => KnownQueues is { } known ? known[queue] : Shared.Queues.At(queue, Now);
}
