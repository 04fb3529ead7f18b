namespace StreamInsight.Definitions;

/// <summary>One segment. <paramref name="Exit"/> null = when <paramref name="When"/> is not true.</summary>
public sealed record SegmentDefinition(string Name, ExpressionSource When, ExpressionSource? Exit, long ForMs, long MinStayMs, Mark Mark);
