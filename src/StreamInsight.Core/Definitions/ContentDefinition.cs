namespace StreamInsight.Definitions;

/// <summary>A text with <c>${path}</c> or <c>${path|fallback}</c> in it.</summary>
public sealed record ContentDefinition(string Name, string Text, Mark Mark);
