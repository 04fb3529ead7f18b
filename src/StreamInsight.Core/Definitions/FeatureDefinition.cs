using StreamInsight.CustomerValue;

namespace StreamInsight.Definitions;

/// <summary>One feature as written. Which members are set depends on the aggregate. Durations are milliseconds.</summary>
public sealed record FeatureDefinition
{
    public required string Name { get; init; }

    public required Aggregate Aggregate { get; init; }

    public required Mark Mark { get; init; }

    /// <summary>Short names of the events observed, <c>page</c>, <c>screen</c>, or <c>*</c>; one, except for a sequence (its steps in order).</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>The property aggregated; null = the event itself. <c>timestamp</c> and <c>channel</c> exist for every event unless declared.</summary>
    public string? Property { get; init; }

    public ExpressionSource? Where { get; init; }

    /// <summary>Null = the customer's whole life.</summary>
    public long? WindowMs { get; init; }

    public long OffsetMs { get; init; }

    /// <summary>Of <c>decayed</c>.</summary>
    public long HalfLifeMs { get; init; }

    /// <summary>Of <c>sequence</c>: first to last at most this far apart.</summary>
    public long WithinMs { get; init; }

    /// <summary>Of <c>sessions</c>: a longer gap starts a new run.</summary>
    public long GapMs { get; init; }

    /// <summary>Of <c>last_k</c>; 5 by default.</summary>
    public int K { get; init; } = 5;

    /// <summary>Entries kept; null = the model's.</summary>
    public int? ExactMax { get; init; }

    /// <summary>Of <c>clv</c>, <c>p_alive</c> and <c>rfm</c>: what is read of the purchases. <see cref="Property"/> is their value.</summary>
    public PurchaseReading? Purchases { get; init; }

    /// <summary>Of a derived feature.</summary>
    public ExpressionSource? Expression { get; init; }
}
