namespace StreamInsight.Pipeline;

/// <summary>Everything one commit of the state store makes durable: all of it, or nothing.</summary>
public sealed class Checkpoint
{
    public required HostChanges Changes { get; init; }

    /// <summary>By source partition, the last offset applied.</summary>
    public Dictionary<string, long> Positions { get; } = [];

    /// <summary>Facts for the outbox, in order, positions assigned.</summary>
    public List<OutboxFact> Facts { get; } = [];

    /// <summary>Dead letters, in order, numbers assigned.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>By sink, the last outbox position delivered (dead letters: the last number).</summary>
    public Dictionary<string, long> Cursors { get; } = [];

    /// <summary>Facts up to this outbox position are no longer needed; 0 = trim nothing.</summary>
    public long TrimFactsTo { get; set; }

    /// <summary>Dead letters up to this number are no longer needed; 0 = trim nothing.</summary>
    public long TrimDeadLettersTo { get; set; }
}
