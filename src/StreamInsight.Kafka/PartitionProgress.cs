using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>How far the pipeline has taken one partition of ours.</summary>
internal sealed class PartitionProgress(string name, long next)
{
    /// <summary><c>topic/partition</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The offset that the next record taken will have, at least.</summary>
    public long Next { get; set; } = next;

    /// <summary>Offset of the last record taken since the partition was assigned; -1 = none.</summary>
    public long LastTaken { get; set; } = -1;

    /// <summary>Its record time. Before the first: so early that no customer's timer may fire.</summary>
    public long LastTimeMs { get; set; } = ReadAhead.NoTimerYet;
}
