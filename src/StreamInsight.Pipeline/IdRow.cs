namespace StreamInsight.Pipeline;

/// <summary>What is remembered of one id (semantics, section 8).</summary>
/// <param name="LinkedTo">The id it is an alias of (one step; may itself be an alias); null = it is a root.</param>
/// <param name="IsKnown">An accepted message carried it as <c>userId</c>.</param>
/// <param name="Links">Of a root: how many ids lead to it, itself not counted.</param>
public readonly record struct IdRow(string Id, string? LinkedTo, bool IsKnown, int Links);
