namespace StreamInsight.Server.Demo;

/// <summary>What the simulated shop and contact centre look like. The same options give the same messages, byte for byte.</summary>
public sealed record SimulationOptions
{
    /// <summary>Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Customers on the first day, 1 to 1,000,000; newcomers arrive later. Default 1,000.</summary>
    public int Customers { get; init; } = 1_000;

    /// <summary>The first instant, UTC milliseconds since 1970. Default 2026-01-05T00:00:00Z, a Monday.</summary>
    public long StartMs { get; init; } = 1_767_571_200_000;

    /// <summary>Whether some messages are late, sent twice or broken on purpose, as in life. Default true.</summary>
    public bool Mishaps { get; init; } = true;
}
