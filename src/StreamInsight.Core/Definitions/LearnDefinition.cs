namespace StreamInsight.Definitions;

/// <summary>What a score learns from. Events stand as short names or as names in messages.</summary>
/// <param name="Failure">Null = only silence is a failure.</param>
/// <param name="Key">Null = every outcome of these events.</param>
/// <param name="WithinMs">A showing without an outcome after this time is a failure; null = silence teaches nothing.</param>
/// <param name="PriorRate">Answers until there is evidence.</param>
/// <param name="PriorWeight">How many observations it is worth.</param>
public sealed record LearnDefinition(
    string Success, string? Failure, ExpressionSource? Key, long? WithinMs, IReadOnlyList<ExpressionSource> Inputs, double PriorRate, double PriorWeight, Mark Mark);
