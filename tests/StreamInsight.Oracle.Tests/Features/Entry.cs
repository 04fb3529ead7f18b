namespace StreamInsight.Oracle.Features;

/// <summary>One entry of a feature: the clamped time, the event's short name, the property's value (null for the event itself).</summary>
public sealed record Entry(long Ms, string? Event, object? Value);
