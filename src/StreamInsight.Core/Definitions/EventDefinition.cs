namespace StreamInsight.Definitions;

/// <summary>An event that matters: its short name, its name on the wire, its declared properties.</summary>
public sealed record EventDefinition(string ShortName, string WireName, IReadOnlyList<PropertyDefinition> Properties, Mark Mark);
