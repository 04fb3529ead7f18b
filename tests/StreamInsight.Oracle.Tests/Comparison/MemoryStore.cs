using StreamInsight.Pipeline;

namespace StreamInsight.Oracle.Comparison;

/// <summary>Keeps what a host committed, as bytes; no outbox.</summary>
public sealed class MemoryStore : IStateStore
{
    private readonly Dictionary<string, (byte[] State, long DueMs)> customers = [];
    private readonly Dictionary<string, IdRow> ids = [];
    private readonly Dictionary<string, long> counters = [];
    private byte[]? shared;
    private readonly Dictionary<string, long> positions = [];

    public long LastFactPosition => 0;

    public long LastDeadLetterNumber => 0;

    public byte[]? LoadCustomer(string id) => customers.TryGetValue(id, out var row) ? row.State : null;

    public IdRow? LoadId(string id) => ids.TryGetValue(id, out var row) ? row : null;

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max) => customers
        .Select(c => new StoredTimer(c.Value.DueMs, c.Key))
        .Where(t => t.DueMs <= untilMs && t.DueMs < long.MaxValue && (after is not { } a || Order(t, a) > 0))
        .Order(Comparer<StoredTimer>.Create(Order)).Take(max).ToList();

    public IReadOnlyList<string> LoadAliases(string id) => ids.Values.Where(i => i.LinkedTo == id).Select(i => i.Id).ToList();

    public long CountCustomers() => customers.Count;

    public IReadOnlyDictionary<string, long> LoadCounters() => counters;

    public byte[]? LoadShared() => shared;

    public IReadOnlyDictionary<string, long> LoadPositions() => positions;

    public IReadOnlyDictionary<string, long> LoadCursors() => new Dictionary<string, long>();

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => [];

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => [];

    public void Commit(Checkpoint checkpoint)
    {
        foreach (var c in checkpoint.Changes.Customers) customers[c.Id] = (c.State.ToArray(), c.NextTimerMs);
        foreach (var id in checkpoint.Changes.RemovedCustomers) customers.Remove(id);
        foreach (var row in checkpoint.Changes.Ids) ids[row.Id] = row;
        foreach (var id in checkpoint.Changes.RemovedIds) ids.Remove(id);
        foreach (var (name, value) in checkpoint.Changes.Counters) counters[name] = value;
        shared = checkpoint.Changes.Shared ?? shared;
        foreach (var (source, offset) in checkpoint.Positions) positions[source] = offset;
    }

    public void Dispose()
    {
    }

    private static int Order(StoredTimer a, StoredTimer b) => a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : string.CompareOrdinal(a.Customer, b.Customer);
}
