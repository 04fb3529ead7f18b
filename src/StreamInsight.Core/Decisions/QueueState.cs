namespace StreamInsight.Decisions;

/// <summary>What one message said of a queue; null = it did not say.</summary>
/// <param name="AtMs">The message's record time.</param>
/// <param name="LongestWait">Seconds.</param>
/// <param name="ServiceLevel">Share of contacts answered in time, 0 to 1.</param>
public readonly record struct QueueState(long AtMs, long? Waiting, double? LongestWait, double? ServiceLevel, long? AgentsFree)
{
    /// <summary>It tells the same figures, whenever it was said.</summary>
    public bool Says(in QueueState other) =>
        Waiting == other.Waiting && LongestWait == other.LongestWait && ServiceLevel == other.ServiceLevel && AgentsFree == other.AgentsFree;
}
