namespace StreamInsight.Definitions;

/// <summary>When a customer may be contacted. <c>Consent</c> null = no consent is asked for.</summary>
public sealed record PolicyDefinition
{
    public IReadOnlyList<(string Name, ExpressionSource When, Mark Mark)>? Consent { get; init; }

    public IReadOnlyList<CapDefinition> Caps { get; init; } = [];

    public RejectDefinition? Reject { get; init; }

    public QuietDefinition? Quiet { get; init; }

    public HoldoutDefinition? Holdout { get; init; }

    /// <summary>How long a reservation stands if nothing is sent. 15 minutes by default.</summary>
    public long ReserveForMs { get; init; } = 15 * 60_000L;
}

/// <summary>At most <paramref name="Max"/> contacts within a rolling window, of one channel or topic if one is named.</summary>
public sealed record CapDefinition(int Max, long WindowMs, string? Channel, string? Topic, Mark Mark);

/// <summary><paramref name="After"/> declines of an action within a time pause it.</summary>
public sealed record RejectDefinition(int After, long WithinMs, long PauseMs);

/// <summary>Quiet from one minute of the local day to another. <paramref name="Zone"/> null = the model's; <paramref name="Channels"/> empty = all.</summary>
/// <param name="UnknownZone"><c>hold</c>, <c>send</c> or a zone to take instead.</param>
public sealed record QuietDefinition(int FromMinute, int ToMinute, ExpressionSource? Zone, string UnknownZone, IReadOnlyList<string> Channels);

/// <summary>A share of customers, drawn by salt, who get no commercial action.</summary>
public sealed record HoldoutDefinition(double Share, string Salt);
