namespace StreamInsight.Server.Demo;

/// <summary>All that the terminal shows at one moment. Counts are since the start of the demo, the simulated past included.</summary>
public sealed record DemoFigures
{
    /// <summary>The simulated date, UTC ms.</summary>
    public required long NowMs { get; init; }

    /// <summary>0 to 1 while the simulated past is being read in; 1 = done.</summary>
    public double PastRead { get; init; } = 1;

    /// <summary>Simulated seconds in one real second, as measured lately.</summary>
    public double Speed { get; init; }

    public long Events { get; init; }

    public double EventsPerSecond { get; init; }

    public long Customers { get; init; }

    /// <summary>In the order of the journey; empty when the model has none.</summary>
    public IReadOnlyList<StageFigures> Stages { get; init; } = [];

    /// <summary>In the model's order.</summary>
    public IReadOnlyList<SegmentFigures> Segments { get; init; } = [];

    /// <summary>The last few of each trigger, newest first.</summary>
    public IReadOnlyList<TriggerFigures> Triggers { get; init; } = [];

    /// <summary>By reason, most frequent first; reasons that did not occur are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Refused { get; init; } = [];

    /// <summary>By kind, in the order of the contracts; kinds that did not occur are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Facts { get; init; } = [];

    /// <summary>Triggers that were not sent, because they came later than their max_age.</summary>
    public long Expired { get; init; }

    /// <summary>Real milliseconds from handing in an event to its facts being delivered, median and 99th percentile of late; null = nothing measured yet.</summary>
    public double? LatencyP50 { get; init; }

    public double? LatencyP99 { get; init; }

    /// <summary>Where things are, a short line each: the API, Redis, Kafka.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Commands to try in another terminal; the first one fits one line.</summary>
    public IReadOnlyList<string> Try { get; init; } = [];

    /// <summary>What the service warned of lately, one line; null = all is well.</summary>
    public string? Warning { get; init; }
}
