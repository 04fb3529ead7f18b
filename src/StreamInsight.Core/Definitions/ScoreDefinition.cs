namespace StreamInsight.Definitions;

/// <summary>One score: computed (<paramref name="Expr"/>) or learned (<paramref name="Learn"/>); exactly one is there.</summary>
public sealed record ScoreDefinition(string Name, ExpressionSource? Expr, LearnDefinition? Learn, Mark Mark);
