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
