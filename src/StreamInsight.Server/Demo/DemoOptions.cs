namespace StreamInsight.Server.Demo;

/// <summary>What the demo was asked to do; checked.</summary>
public sealed record DemoOptions
{
    /// <summary>Seed and number of customers. Its start is set when the demo starts.</summary>
    public SimulationOptions Simulation { get; init; } = new();

    public DemoPace Pace { get; init; } = new();

    /// <summary>Length of the simulated past, in milliseconds. Default 100 days: the longest window of the model is 90.</summary>
    public long HistoryMs { get; init; } = 100 * Spans.Day;

    /// <summary>Ends by itself after this time, the past not counted; null = at Ctrl-C.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Another model; null = the one that is built in.</summary>
    public FileInfo? Model { get; init; }

    /// <summary>Where log and state are kept; null = a temporary directory that is removed at the end.</summary>
    public DirectoryInfo? Data { get; init; }

    /// <summary><c>host:port</c>; null = the usual address if something answers there.</summary>
    public string? Redis { get; init; }

    public bool WithoutRedis { get; init; }

    /// <summary><c>embedded</c> or <c>host:port</c>; null = events go into the embedded log directly.</summary>
    public string? Kafka { get; init; }

    /// <summary>Where the HTTP API listens, or <c>none</c>; null = 127.0.0.1:8080, or the next port that is free.</summary>
    public string? Http { get; init; }

    /// <summary>Lines instead of a picture, even in a terminal.</summary>
    public bool Plain { get; init; }

    /// <summary>Write the simulated past into this file, and do nothing else.</summary>
    public FileInfo? Write { get; init; }
}
