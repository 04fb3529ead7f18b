using System.Text.Json.Serialization;
using StreamInsight.Decisions;

namespace StreamInsight.Pipeline;

/// <summary>
/// How a customer stands, as far as sinks show it. True up to and including the fact numbered <see cref="Seq"/>.
/// </summary>
public sealed record CustomerView
{
    public required string Customer { get; init; }

    /// <summary>The customer's last fact.</summary>
    public required long Seq { get; init; }

    /// <summary>The customer's clock, UTC ms.</summary>
    public required long ClockMs { get; init; }

    /// <summary>Without a new event nothing about the customer changes before this instant, UTC ms. Not kept with a fact.</summary>
    [JsonIgnore]
    public long HoldsUntilMs { get; init; } = long.MaxValue;

    /// <summary>The customer was merged away or erased: its record should go.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Null where the model has no journey.</summary>
    public string? Stage { get; init; }

    /// <summary>The segments the customer is in, in the model's order.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>How a contact is to be routed; null where the model has no routing.</summary>
    public RoutingDecision? Routing { get; init; }

    /// <summary>The next best actions, best first.</summary>
    public IReadOnlyList<RankedAction> Actions { get; init; } = [];

    /// <summary>What the customer can be looked up by: kind (<c>phone</c>, <c>email</c>) → the trait's value as it was sent. Empty where the model names none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Lookups { get; init; } = [];

    /// <summary><c>name@version</c> of the model that decided.</summary>
    public required string Model { get; init; }
}
