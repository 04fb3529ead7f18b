using StreamInsight.Decisions;
using StreamInsight.Expressions;

namespace StreamInsight.Facts;

/// <summary>What a fact says happened.</summary>
public enum FactKind : byte
{
    SegmentEntered,
    SegmentLeft,
    StageChanged,
    Trigger,
    ActionsChanged,
    RoutingChanged,
    Merged,
    Erased,
}

/// <summary>
/// One thing that changed for a customer. Facts are the engine's only output; a customer's are numbered 1, 2, 3 … without a gap.
/// Immutable once emitted.
/// </summary>
public sealed class Fact
{
    /// <summary>Whose fact this is: the root id at that time.</summary>
    public required string Customer { get; init; }

    /// <summary>1, 2, 3 … per customer.</summary>
    public required long Seq { get; init; }

    /// <summary>The customer's clock at the step, UTC milliseconds since 1970.</summary>
    public required long AtMs { get; init; }

    /// <summary>The customer's <c>born</c> at the step, UTC milliseconds since 1970; part of the id.</summary>
    public required long BornMs { get; init; }

    public required FactKind Kind { get; init; }

    /// <summary><c>name@version</c> of the model that decided.</summary>
    public required string Model { get; init; }

    /// <summary><c>event:&lt;messageId or position&gt;</c>, <c>timer</c>, <c>merge</c> or <c>erase</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>The segment entered or left; the trigger's name for a trigger; the id merged from; null otherwise.</summary>
    public string? Subject { get; init; }

    /// <summary>Stage before, of a stage change.</summary>
    public string? From { get; init; }

    /// <summary>Stage after, of a stage change.</summary>
    public string? To { get; init; }

    /// <summary>Of a trigger: the seq of the fact it answers.</summary>
    public long On { get; init; }

    /// <summary>Of a trigger: path as written → value after the step, in written order.</summary>
    public IReadOnlyList<KeyValuePair<string, Value>> With { get; init; } = [];

    /// <summary>Of <see cref="FactKind.ActionsChanged"/>: the ranking, best first; may be empty.</summary>
    public IReadOnlyList<RankedAction> Actions { get; init; } = [];

    /// <summary>Of <see cref="FactKind.RoutingChanged"/>.</summary>
    public RoutingDecision? Routing { get; init; }
}
