using System.Globalization;

namespace StreamInsight.Cluster.Tests;

/// <summary>How large a run is; <c>./insight cluster</c> sets it by STREAMINSIGHT_EVENTS and so on.</summary>
public sealed record ClusterSettings
{
    public int Events { get; init; } = Setting("EVENTS") ?? 40_000;

    public int Kills { get; init; } = Setting("KILLS") ?? 3;

    public int Seed { get; init; } = Setting("SEED") ?? Environment.TickCount & 0xffff;

    public int Nodes { get; init; } = Setting("NODES") ?? 3;

    public int Partitions { get; init; } = Setting("PARTITIONS") ?? 24;

    /// <summary>Events a second that are sent; less when the sender cannot.</summary>
    public int Rate { get; init; } = Setting("RATE") ?? 1000;

    /// <summary>The group's session timeout. The embedded broker takes almost as long once more for each round of a change; a real one does not.</summary>
    public TimeSpan Session { get; init; } = TimeSpan.FromMilliseconds(Setting("SESSION_MS") ?? 3000);

    /// <summary>Where customers live: <c>local</c> or <c>orleans</c>.</summary>
    public string Host { get; init; } = Environment.GetEnvironmentVariable("STREAMINSIGHT_HOST") is { Length: > 0 } host ? host : "local";

    /// <summary>Real brokers instead of the embedded one; the topics are created there with names of their own.</summary>
    public string? Kafka { get; init; } = Environment.GetEnvironmentVariable("STREAMINSIGHT_KAFKA") is { Length: > 0 } given ? given : null;

    /// <summary>People: about forty events each.</summary>
    public int People => Math.Max(100, Events / 40);

    public override string ToString() => $"--events {Events} --kills {Kills} --seed {Seed} --nodes {Nodes} --partitions {Partitions} --rate {Rate} --host {Host}";

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable("STREAMINSIGHT_" + name), CultureInfo.InvariantCulture, out int given) ? given : null;
}
