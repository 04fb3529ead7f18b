namespace StreamInsight.Explain;

/// <summary>A cap and how far it is used. <paramref name="FreesAtMs"/>: when the first contact ceases to count; null = none does.</summary>
public sealed record ExplainedCap(string? Channel, string? Topic, int Max, long WindowMs, int Count, long? FreesAtMs);
