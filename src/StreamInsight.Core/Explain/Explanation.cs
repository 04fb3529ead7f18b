using StreamInsight.Decisions;
using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.Explain;

/// <summary>Why a customer is where it is, at one instant.</summary>
public sealed record Explanation(
    string Customer,
    long AtMs,
    long Seq,
    IReadOnlyList<ExplainedFeature> Features,
    ExplainedJourney? Journey,
    IReadOnlyList<ExplainedSegment> Segments,
    IReadOnlyList<ExplainedScore> Scores,
    IReadOnlyList<ExplainedAction> Actions,
    RoutingDecision? Routing,
    long? NextTimerMs);

/// <summary>A feature's value and what it rests on. <paramref name="Coverage"/> null = derived from others.</summary>
public sealed record ExplainedFeature(string Name, Value Value, FeatureCoverage? Coverage);

/// <summary>
/// A condition, the values it reads, what it comes to (true, false, or an error's text), and the first instant at which that turns if nothing happens; null = never, or
/// not within the search.
/// </summary>
public sealed record ExplainedCondition(string Text, IReadOnlyList<(string Path, Value Value)> Reads, Value Result, long? TurnsAtMs);

/// <summary>
/// A segment: in it since <paramref name="SinceMs"/>; or waiting since then for <c>for</c>; or out (null). <paramref name="FreeAtMs"/>: when <c>for</c> is over, or
/// the earliest <c>min_stay</c> lets go; null = neither asked.
/// </summary>
public sealed record ExplainedSegment(
    string Name, bool IsMember, long? SinceMs, ExplainedCondition When, ExplainedCondition? Exit, long? FreeAtMs);

/// <summary>The stage, and every transition that can be taken from it.</summary>
public sealed record ExplainedJourney(string Stage, string? Previous, long EnteredAtMs, IReadOnlyList<ExplainedTransition> Open);

/// <summary>One transition. <paramref name="DwellUntilMs"/>: not before; null = that is over. Closed: timers pass it over until an event comes.</summary>
public sealed record ExplainedTransition(string From, string To, ExplainedCondition? When, long? DwellUntilMs, bool IsClosed);
