namespace StreamInsight.Definitions;

/// <summary>A declared property of an event, or a declared trait. A trait of a group is named <c>group.x</c>.</summary>
public sealed record PropertyDefinition(string Name, PropertyType Type, Mark Mark);
