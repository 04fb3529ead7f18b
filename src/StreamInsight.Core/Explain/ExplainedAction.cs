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
