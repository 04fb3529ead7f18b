using StreamInsight.Expressions;

namespace StreamInsight.Explain;

/// <summary>
/// One action: ranked, or removed by a gate and by what. <paramref name="RemovedBy"/> null = ranked at <paramref name="Rank"/> (1 = first).
/// <paramref name="OpensAtMs"/>: when the gate opens by time alone; null = it does not, or that is unknown.
/// </summary>
/// <param name="Change">What would have to change for it to be offered; null = nothing, it is.</param>
/// <param name="Caps">Every cap that binds it, with its contacts now.</param>
public sealed record ExplainedAction(
    string Name,
    string? RemovedBy,
    int? Rank,
    long? OpensAtMs,
    string? Change,
    IReadOnlyList<string> Channels,
    ExplainedCondition Eligible,
    IReadOnlyList<(string Name, ExplainedCondition? Condition)> Consent,
    IReadOnlyList<ExplainedCap> Caps,
    ExplainedFactors? Factors,
    bool IsExplored);

/// <summary>A cap and how far it is used. <paramref name="FreesAtMs"/>: when the first contact ceases to count; null = none does.</summary>
public sealed record ExplainedCap(string? Channel, string? Topic, int Max, long WindowMs, int Count, long? FreesAtMs);

/// <summary>P, C, V and L and what they come to.</summary>
public sealed record ExplainedFactors(double Propensity, double Context, double Value, double Lever, double Score);

/// <summary>A score's value now.</summary>
public sealed record ExplainedScore(string Name, Value Value, bool IsLearned);
