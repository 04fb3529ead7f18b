namespace StreamInsight.Decisions;

/// <summary>How a contact of this customer is to be routed.</summary>
/// <param name="Queue">Null = the model's expression gave none.</param>
/// <param name="Score">0 to 1000, higher first.</param>
/// <param name="Reasons">Codes of the first three reasons that hold, in written order.</param>
/// <param name="Agent">The agent who knows this customer; null = none.</param>
/// <param name="Skills">What the agent must bring; empty = nothing.</param>
/// <param name="ValidUntilMs">Not to be used after this instant, UTC ms.</param>
public sealed record RoutingDecision(string? Queue, double Score, IReadOnlyList<string> Reasons, string? Agent, IReadOnlyList<string> Skills, long ValidUntilMs);
