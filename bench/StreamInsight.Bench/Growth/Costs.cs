namespace StreamInsight.Bench.Growth;

/// <summary>What things cost, µs. Where each default comes from stands in docs/scaling.md; a figure that nobody has measured is called an assumption there.</summary>
internal sealed record Costs
{
    /// <summary>Processor time of a node for an event: read, decode, apply, its part of a commit.</summary>
    public double EventUs { get; init; } = 13;

    /// <summary>Time of Redis' thread for a commit, whatever it holds.</summary>
    public double CommitUs { get; init; } = 45;

    /// <summary>Time of Redis' thread for each customer of a commit.</summary>
    public double CustomerUs { get; init; } = 9.8;

    /// <summary>Time of Redis' thread for a fact: outbox and the sink's records.</summary>
    public double FactUs { get; init; } = 41;

    /// <summary>Time of Redis' thread for a message to another partition: stored, read, trimmed.</summary>
    public double HandoverUs { get; init; } = 5;

    /// <summary>How long a partition waits for a customer that is not in memory, asked for with others of the same run of messages.</summary>
    public double LoadWaitUs { get; init; } = 4.2;

    /// <summary>Time of Redis' thread for that.</summary>
    public double LoadRedisUs { get; init; } = 1.6;

    public int CheckpointMs { get; init; } = 250;

    public int MaxUncommitted { get; init; } = 32_768;

    /// <summary>From a commit to its messages' arrival at other partitions, through Kafka.</summary>
    public int HandoverMs { get; init; } = 20;

    public int SessionMs { get; init; } = 10_000;

    /// <summary>A round of the group: members hear of it with their next heartbeat.</summary>
    public int RoundMs { get; init; } = 2_000;

    /// <summary>Claiming a partition's state and starting its pipeline.</summary>
    public int TakeMs { get; init; } = 300;

    /// <summary>From a process's end to the same process running again.</summary>
    public int RestartMs { get; init; } = 8_000;
}
