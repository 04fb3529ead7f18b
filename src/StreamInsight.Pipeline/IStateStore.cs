using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>
/// Where a partition's customers, ids, positions, outbox and dead letters are kept. <see cref="Commit"/> is the only way anything gets in, and is atomic and
/// durable. One writer; the loading and reading calls may come from other threads while a commit runs and see what was committed before it or after it.
/// Throws <see cref="DependencyUnavailableException"/> when the store cannot be used (full disk, locked or broken file). When that may pass, the same commit
/// is made again. Throws <see cref="FencedException"/> when the partition is another node's by now.
/// </summary>
public interface IStateStore : IDisposable
{
    /// <summary>The encoded state of a customer; null = there is none.</summary>
    byte[]? LoadCustomer(string id);

    /// <summary>What is remembered of an id; null = nothing.</summary>
    IdRow? LoadId(string id);

    /// <summary>
    /// These ids are about to be loaded: <see cref="LoadCustomer"/> and <see cref="LoadId"/> may answer for them, and for ids they lead to, from what is read here at once. They answer as they
    /// would without it: with what is committed when they are called, each time. A second call forgets the first. For the writer.
    /// </summary>
    void Prefetch(IReadOnlyCollection<string> ids)
    {
    }

    /// <summary>
    /// Stored timers with <paramref name="after"/> &lt; (due, customer) and due &lt;= <paramref name="untilMs"/>, earliest first, at most <paramref name="max"/>.
    /// null <paramref name="after"/> = from the beginning.
    /// </summary>
    IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max);

    /// <summary>Ids that are linked to this one directly.</summary>
    IReadOnlyList<string> LoadAliases(string id);

    /// <summary>Customers that are stored. May take long; for the start.</summary>
    long CountCustomers();

    /// <summary>Counters as last committed.</summary>
    IReadOnlyDictionary<string, long> LoadCounters();

    /// <summary>What all customers share, as last committed; null = nothing was.</summary>
    byte[]? LoadShared();

    /// <summary>By source partition, the last offset applied.</summary>
    IReadOnlyDictionary<string, long> LoadPositions();

    /// <summary>By sink, the last outbox position (or dead letter number) delivered.</summary>
    IReadOnlyDictionary<string, long> LoadCursors();

    /// <summary>The highest outbox position ever assigned; 0 = none.</summary>
    long LastFactPosition { get; }

    /// <summary>The highest dead letter number ever assigned; 0 = none.</summary>
    long LastDeadLetterNumber { get; }

    /// <summary>Committed facts after a position, in order, at most <paramref name="max"/>.</summary>
    IReadOnlyList<OutboxFact> ReadFacts(long after, int max);

    /// <summary>Committed dead letters after a number, in order, at most <paramref name="max"/>.</summary>
    IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max);

    /// <summary>Random bytes made with the store, the same for its life: the key of <see cref="IdDigest"/>.</summary>
    ReadOnlyMemory<byte> Secret => default;

    /// <summary>Ids that were erased.</summary>
    IReadOnlyList<Tombstone> LoadTombstones() => [];

    /// <summary>Customers that were set aside because their state cannot be read.</summary>
    IReadOnlyList<QuarantinedCustomer> LoadQuarantine() => [];

    /// <summary>An erasure that is kept; null = there is none.</summary>
    Erasure? LoadErasure(UInt128 digest) => null;

    /// <summary>Erasures that are not done everywhere.</summary>
    IReadOnlyList<Erasure> LoadPendingErasures() => [];

    /// <summary>The highest number of a message to another partition ever assigned; 0 = none. Only where customers live on several partitions.</summary>
    long LastHandoverNumber => 0;

    /// <summary>Committed messages to other partitions after a number, in order, at most <paramref name="max"/>.</summary>
    IReadOnlyList<Handover> ReadHandovers(long after, int max) => [];

    /// <summary>Messages that wait for a merge, in order of their numbers.</summary>
    IReadOnlyList<HeldMessage> LoadHeld() => [];

    /// <summary>Makes all of it durable, or nothing. On return it is.</summary>
    void Commit(Checkpoint checkpoint);
}
