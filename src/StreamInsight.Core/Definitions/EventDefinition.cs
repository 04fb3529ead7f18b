namespace StreamInsight.Definitions;

/// <summary>
/// An event that matters: its short name, its name on the wire, its declared properties. <c>page</c> and <c>screen</c> stand for the calls of that type;
/// where a feature observes one that is not declared, the reader adds it with an empty wire name.
/// </summary>
public sealed record EventDefinition(string ShortName, string WireName, IReadOnlyList<PropertyDefinition> Properties, Mark Mark);
