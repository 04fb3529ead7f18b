namespace StreamInsight.Bench.Growth;

/// <summary>A cluster, its customers, and what happens to it 20 s after the start.</summary>
internal sealed record GrowthCase
{
    public required string Name { get; init; }

    public int Nodes { get; init; } = 3;

    public int CoresPerNode { get; init; } = 2;

    public int Partitions { get; init; } = 12;

    /// <summary>Primaries; partition p lies on p modulo this.</summary>
    public int Redis { get; init; } = 1;

    public long Customers { get; init; } = 1_000_000;

    /// <summary>The customer of rank r has a share of events that falls with r to this power.</summary>
    public double Zipf { get; init; } = 0.8;

    /// <summary>One customer more has this share of all events.</summary>
    public double Bot { get; init; }

    public double EventsPerSecond { get; init; } = 10_000;

    /// <summary>Facts an event.</summary>
    public double Facts { get; init; } = 0.01;

    /// <summary>Of events, those whose customer lives in another partition.</summary>
    public double Elsewhere { get; init; }

    /// <summary>Of events, those that merge two customers, of any partitions.</summary>
    public double Merges { get; init; }

    public Disturbance Disturbance { get; init; }

    public Costs Costs { get; init; } = new();

    public int Seconds { get; init; } = 80;

    public int Seed { get; init; } = 42;

    /// <summary>The simulation's step; latencies are no finer. A commit takes one at least.</summary>
    public int StepMs => Partitions <= 256 ? 10 : 50;
}
