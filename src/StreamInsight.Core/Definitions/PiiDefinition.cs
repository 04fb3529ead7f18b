namespace StreamInsight.Definitions;

/// <summary>Personal data: trait names (without <c>traits.</c>) that are masked, and those by which a customer is found.</summary>
public sealed record PiiDefinition(IReadOnlyList<string> Masked, IReadOnlyList<(string Kind, string Trait)> Lookup);
