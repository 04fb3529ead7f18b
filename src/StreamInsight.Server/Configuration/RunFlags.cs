using StreamInsight.Pipeline;

namespace StreamInsight.Server.Configuration;

/// <summary>What the command line of <c>run</c> says; null = nothing.</summary>
public sealed record RunFlags
{
    public string? Config { get; init; }

    public string? Model { get; init; }

    public string? Data { get; init; }

    public string? Http { get; init; }

    public string? Redis { get; init; }

    public string? Kafka { get; init; }

    public string? Cluster { get; init; }

    public string? Events { get; init; }

    public double? Speed { get; init; }

    public string? Facts { get; init; }

    public ClockMode? Clock { get; init; }

    /// <summary><c>local</c> or <c>orleans</c>.</summary>
    public string? Host { get; init; }
}
