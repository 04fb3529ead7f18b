using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline.Tests.Stores;

/// <summary>The port's contract in its plainest form: everything in dictionaries, each commit on a copy that then takes the place of the whole.</summary>
public sealed class MemoryStateStore(MemoryStateStore.Disk disk) : IStateStore
{
    public long LastFactPosition => disk.Now.LastFact;

    public long LastDeadLetterNumber => disk.Now.LastDead;

    public long LastHandoverNumber => disk.Now.LastHandover;

    public ReadOnlyMemory<byte> Secret => disk.Secret;

    public byte[]? LoadCustomer(string id) => disk.Now.Customers.TryGetValue(id, out CustomerRow row) ? row.State.ToArray() : null;

    public IdRow? LoadId(string id) => disk.Now.Ids.TryGetValue(id, out IdRow row) ? row : null;

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max) =>
    [
        .. disk.Now.Customers.Values.Where(c => c.NextTimerMs != long.MaxValue && c.NextTimerMs <= untilMs)
            .Select(c => new StoredTimer(c.NextTimerMs, c.Id))
            .Where(timer => after is not { } from || Compare(timer, from) > 0)
            .Order(Comparer<StoredTimer>.Create(Compare)).Take(max),
    ];

    public IReadOnlyList<string> LoadAliases(string id) => [.. disk.Now.Ids.Values.Where(row => row.LinkedTo == id).Select(row => row.Id)];

    public long CountCustomers() => disk.Now.Customers.Count;

    public IReadOnlyDictionary<string, long> LoadCounters() => disk.Now.Counters;

    public byte[]? LoadShared() => disk.Now.Shared;

    public IReadOnlyDictionary<string, long> LoadPositions() => disk.Now.Positions;

    public IReadOnlyDictionary<string, long> LoadCursors() => disk.Now.Cursors;

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => [.. disk.Now.Facts.Where(f => f.Key > after).Take(max).Select(f => f.Value)];

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => [.. disk.Now.Dead.Where(d => d.Key > after).Take(max).Select(d => d.Value)];

    public IReadOnlyList<Tombstone> LoadTombstones() => [.. disk.Now.Tombstones.Select(t => new Tombstone(t.Key, t.Value))];

    public Erasure? LoadErasure(UInt128 digest) => disk.Now.Erasures.GetValueOrDefault(digest);

    public IReadOnlyList<Erasure> LoadPendingErasures() => [.. disk.Now.Erasures.Values.Where(erasure => !erasure.IsDone)];

    public IReadOnlyList<QuarantinedCustomer> LoadQuarantine() => [.. disk.Now.Quarantine.Values];

    public IReadOnlyList<Handover> ReadHandovers(long after, int max) => [.. disk.Now.Handovers.Where(message => message.Key > after).Take(max).Select(message => message.Value)];

    public IReadOnlyList<HeldMessage> LoadHeld() => [.. disk.Now.Held.Values];

    public void Commit(Checkpoint checkpoint)
    {
        Content next = disk.Now.Copy();
        HostChanges changes = checkpoint.Changes;
        foreach (CustomerRow row in changes.Customers)
            next.Customers[row.Id] = row with { State = row.State.ToArray() };
        foreach (string id in changes.RemovedCustomers)
            next.Customers.Remove(id);
        foreach (IdRow row in changes.Ids)
            next.Ids[row.Id] = row;
        foreach (string id in changes.RemovedIds)
            next.Ids.Remove(id);
        foreach (QuarantinedCustomer customer in changes.Quarantined)
            next.Quarantine[customer.Id] = customer with { State = customer.State.ToArray() };
        foreach (string id in changes.Released)
            next.Quarantine.Remove(id);
        foreach (Tombstone tombstone in changes.Tombstones)
            next.Tombstones[tombstone.Digest] = tombstone.UntilMs;
        Put(changes.Counters, next.Counters);
        next.Shared = changes.Shared ?? next.Shared;
        Put(checkpoint.Positions, next.Positions);
        Put(checkpoint.Cursors, next.Cursors);
        Erase(checkpoint, next);
        foreach (OutboxFact fact in checkpoint.Facts)
            next.Facts.Add(next.LastFact = fact.Position, fact);
        foreach (DeadLetter letter in checkpoint.DeadLetters)
            next.Dead.Add(next.LastDead = letter.Number, letter with { Record = letter.Record.ToArray() });
        foreach (Handover message in checkpoint.Handovers)
            next.Handovers.Add(next.LastHandover = message.Number, message with { Body = message.Body.ToArray() });
        foreach (long number in next.Handovers.Keys.Where(number => number <= checkpoint.TrimHandoversTo).ToArray())
            next.Handovers.Remove(number);
        foreach (HeldMessage message in changes.Held)
            next.Held[message.Number] = message with { Body = message.Body.ToArray() };
        foreach (long number in changes.Unheld)
            next.Held.Remove(number);
        foreach (long number in checkpoint.RemovedDeadLetters.Concat(next.Dead.Keys.Where(number => number <= checkpoint.TrimDeadLettersTo)).ToArray())
            next.Dead.Remove(number);
        foreach (long position in next.Facts.Keys.Where(position => position <= checkpoint.TrimFactsTo).ToArray())
            next.Facts.Remove(position);
        disk.Now = next;
    }

    public void Dispose()
    {
    }

    private static void Erase(Checkpoint checkpoint, Content next)
    {
        foreach (Erasure erasure in checkpoint.Erasures)
        {
            long[] gone = [.. next.Facts.Where(f => f.Value.Cause != "erase" && erasure.Ids.Contains(f.Value.Customer)).Select(f => f.Key)];
            foreach (long position in gone)
                next.Facts.Remove(position);
            foreach (string id in erasure.Ids)
                next.Quarantine.Remove(id);
            next.Erasures[erasure.Digest] = erasure.With("facts", gone.Length);
        }
        foreach (Erasure erasure in checkpoint.ErasureProgress)
            next.Erasures[erasure.Digest] = erasure;
        foreach (Erasure erasure in next.Erasures.Values.Where(e => e.IsDone && e.UntilMs <= checkpoint.TombstonesOverMs).ToArray())
            next.Erasures.Remove(erasure.Digest);
        foreach (UInt128 digest in next.Tombstones.Where(t => t.Value <= checkpoint.TombstonesOverMs).Select(t => t.Key).ToArray())
            next.Tombstones.Remove(digest);
    }

    private static void Put(Dictionary<string, long> from, Dictionary<string, long> into)
    {
        foreach ((string name, long value) in from)
            into[name] = value;
    }

    private static int Compare(StoredTimer a, StoredTimer b) => a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : Utf8Order.Compare(a.Customer, b.Customer);

    /// <summary>What survives the store.</summary>
    public sealed class Disk
    {
        public byte[] Secret { get; } = [1, 2, 3];

        internal Content Now = new();
    }

    internal sealed class Content
    {
        public Dictionary<string, CustomerRow> Customers { get; private init; } = new(StringComparer.Ordinal);
        public Dictionary<string, IdRow> Ids { get; private init; } = new(StringComparer.Ordinal);
        public Dictionary<string, long> Counters { get; private init; } = [];
        public byte[]? Shared { get; set; }
        public Dictionary<string, long> Positions { get; private init; } = [];
        public Dictionary<string, long> Cursors { get; private init; } = [];
        public SortedDictionary<long, OutboxFact> Facts { get; private init; } = [];
        public SortedDictionary<long, DeadLetter> Dead { get; private init; } = [];
        public Dictionary<UInt128, long> Tombstones { get; private init; } = [];
        public Dictionary<UInt128, Erasure> Erasures { get; private init; } = [];
        public Dictionary<string, QuarantinedCustomer> Quarantine { get; private init; } = new(StringComparer.Ordinal);
        public SortedDictionary<long, Handover> Handovers { get; private init; } = [];
        public SortedDictionary<long, HeldMessage> Held { get; private init; } = [];
        public long LastFact;
        public long LastDead;
        public long LastHandover;

        public Content Copy() => new()
        {
            Customers = new(Customers, StringComparer.Ordinal),
            Ids = new(Ids, StringComparer.Ordinal),
            Counters = new(Counters),
            Shared = Shared,
            Positions = new(Positions),
            Cursors = new(Cursors),
            Facts = new(Facts),
            Dead = new(Dead),
            Tombstones = new(Tombstones),
            Erasures = new(Erasures),
            Quarantine = new(Quarantine, StringComparer.Ordinal),
            LastFact = LastFact,
            Handovers = new(Handovers),
            Held = new(Held),
            LastDead = LastDead,
            LastHandover = LastHandover,
        };
    }
}
