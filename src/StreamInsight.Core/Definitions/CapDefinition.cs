namespace StreamInsight.Definitions;

/// <summary>At most <paramref name="Max"/> contacts within a rolling window, of one channel or topic if one is named.</summary>
public sealed record CapDefinition(int Max, long WindowMs, string? Channel, string? Topic, Mark Mark);
