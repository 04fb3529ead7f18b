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

    /// <summary>The customer was merged away or erased: its record should go.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Null where the model has no journey.</summary>
    public string? Stage { get; init; }

    /// <summary>The segments the customer is in, in the model's order.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary><c>name@version</c> of the model that decided.</summary>
    public required string Model { get; init; }
}
