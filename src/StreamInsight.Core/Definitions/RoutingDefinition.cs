namespace StreamInsight.Definitions;

/// <summary>How contacts are routed. <paramref name="ValidForMs"/>: how long a record may be used.</summary>
public sealed record RoutingDefinition(
    ExpressionSource Queue, ExpressionSource Score, IReadOnlyList<(string Code, ExpressionSource When)> Reasons, ExpressionSource? Agent, ExpressionSource? Skills, long ValidForMs, Mark Mark);

/// <summary>A queue whose state messages tell. What is assumed while that is unknown stands under <c>Default…</c>; null = nothing.</summary>
/// <param name="Target">The service level it should have, 0 to 1; null = none.</param>
public sealed record QueueDefinition(
    string Name, double? Target, long StaleAfterMs, long? DefaultWaiting, double? DefaultLongestWait, double? DefaultServiceLevel, long? DefaultAgentsFree, Mark Mark);

/// <summary>Personal data: trait names (without <c>traits.</c>) that are masked, and those by which a customer is found.</summary>
public sealed record PiiDefinition(IReadOnlyList<string> Masked, IReadOnlyList<(string Kind, string Trait)> Lookup);
