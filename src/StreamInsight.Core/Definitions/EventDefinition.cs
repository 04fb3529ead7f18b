namespace StreamInsight.Definitions;

/// <summary>
/// An event that matters: its short name, its name on the wire, its declared properties. <c>page</c> and <c>screen</c> stand for the calls of that type, which
/// features may observe without a declaration too.
/// </summary>
public sealed record EventDefinition(string ShortName, string WireName, IReadOnlyList<PropertyDefinition> Properties, Mark Mark);
