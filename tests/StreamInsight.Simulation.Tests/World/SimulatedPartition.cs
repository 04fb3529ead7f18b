namespace StreamInsight.Simulation.World;

/// <summary>One partition of the broker: its records in order, and what it has been told that it may forget.</summary>
public sealed class SimulatedPartition(string name, IReadOnlyList<SimulatedRecord> records, long delayMs)
{
    /// <summary>As positions name it.</summary>
    public string Name => name;

    public IReadOnlyList<SimulatedRecord> Records => records;

    /// <summary>A record can be read this long after its record time.</summary>
    public long DelayMs => delayMs;

    /// <summary>Offsets up to here are gone: the pipeline has said that their effects are durable.</summary>
    public long ForgottenTo { get; set; }

    /// <summary>The last offset; the first is 1, as the lines of a file.</summary>
    public long LastOffset => Records.Count;
}

/// <summary>A record in a partition.</summary>
/// <param name="Line">The same record in a file, where the record time is written into it.</param>
public readonly record struct SimulatedRecord(byte[] Bytes, byte[] Line, long RecordTimeMs);
