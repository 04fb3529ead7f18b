using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

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

    /// <summary>Messages to other partitions, in order, numbers assigned.</summary>
    public List<Handover> Handovers { get; } = [];

    /// <summary>
    /// Customers to erase: facts committed before that carry one of their ids go, but those of cause <c>erase</c>; and the erasure is kept, with what was removed counted as <c>facts</c>.
    /// </summary>
    public List<Erasure> Erasures { get; } = [];

    /// <summary>Erasures that went on: kept as they are here.</summary>
    public List<Erasure> ErasureProgress { get; } = [];

    /// <summary>Tombstones and finished erasures whose time is over at this instant may go, UTC ms; 0 = none.</summary>
    public long TombstonesOverMs { get; set; }

    /// <summary>By sink, the last outbox position delivered (dead letters: the last number).</summary>
    public Dictionary<string, long> Cursors { get; } = [];

    /// <summary>Dead letters to forget, by number.</summary>
    public List<long> RemovedDeadLetters { get; } = [];

    /// <summary>Facts up to this outbox position are no longer needed; 0 = trim nothing.</summary>
    public long TrimFactsTo { get; set; }

    /// <summary>Dead letters up to this number are no longer needed; 0 = trim nothing.</summary>
    public long TrimDeadLettersTo { get; set; }

    /// <summary>Messages to other partitions up to this number are no longer needed; 0 = trim nothing.</summary>
    public long TrimHandoversTo { get; set; }
}
