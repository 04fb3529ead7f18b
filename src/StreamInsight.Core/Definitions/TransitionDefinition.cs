namespace StreamInsight.Definitions;

/// <summary>One transition. <paramref name="From"/> may be <c>*</c>; at least one of <paramref name="When"/> and <paramref name="AfterMs"/> is set.</summary>
public sealed record TransitionDefinition(string From, string To, ExpressionSource? When, long? AfterMs, long MinDwellMs, Mark Mark);
