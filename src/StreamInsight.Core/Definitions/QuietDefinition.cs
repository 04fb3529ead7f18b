namespace StreamInsight.Definitions;

/// <summary>Quiet from one minute of the local day to another. <paramref name="Zone"/> null = the model's; <paramref name="Channels"/> empty = all.</summary>
/// <param name="UnknownZone"><c>hold</c>, <c>send</c> or a zone to take instead.</param>
public sealed record QuietDefinition(int FromMinute, int ToMinute, ExpressionSource? Zone, string UnknownZone, IReadOnlyList<string> Channels);
