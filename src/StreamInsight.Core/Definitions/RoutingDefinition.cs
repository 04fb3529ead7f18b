namespace StreamInsight.Definitions;

/// <summary>How contacts are routed. <paramref name="ValidForMs"/>: how long a record may be used.</summary>
public sealed record RoutingDefinition(
    ExpressionSource Queue, ExpressionSource Score, IReadOnlyList<(string Code, ExpressionSource When)> Reasons, ExpressionSource? Agent, ExpressionSource? Skills, long ValidForMs, Mark Mark);
