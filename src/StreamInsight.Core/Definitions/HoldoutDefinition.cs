namespace StreamInsight.Definitions;

/// <summary>A share of customers, drawn by salt, who get no commercial action.</summary>
public sealed record HoldoutDefinition(double Share, string Salt);
