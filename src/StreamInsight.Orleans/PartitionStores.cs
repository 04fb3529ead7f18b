using System.Collections.Concurrent;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Orleans;

/// <summary>
/// Stores that workers of this process have open are shared with its grains. Others are opened for reading, where that can be done: a store in Redis can be,
/// a file of another process cannot.
/// </summary>
/// <param name="openRead">Opens the store of a partition that another process writes; null = that cannot be done.</param>
public sealed class PartitionStores(Func<string, IStateStore>? openRead = null) : IPartitionStores
{
    private readonly ConcurrentDictionary<string, IStateStore> _here = new(StringComparer.Ordinal);

    /// <summary>The store of a partition whose worker is in this process.</summary>
    public void Share(string partition, IStateStore store) => _here[partition] = store;

    public void Forget(string partition) => _here.TryRemove(partition, out _);

    public IStateStore Open(string partition) =>
        _here.TryGetValue(partition, out IStateStore? store) ? new SharedStore(store)
        : openRead?.Invoke(partition) ?? throw new DependencyUnavailableException(
            $"Partition {partition} cannot be read on this silo: its store is a file of another process. Several nodes need their state in Redis.");

    /// <summary>The worker's own store, which it goes on using.</summary>
    private sealed class SharedStore(IStateStore store) : IStateStore
    {
        public long LastFactPosition => store.LastFactPosition;

        public long LastDeadLetterNumber => store.LastDeadLetterNumber;

        public long LastHandoverNumber => store.LastHandoverNumber;

        public ReadOnlyMemory<byte> Secret => store.Secret;

        public byte[]? LoadCustomer(string id) => store.LoadCustomer(id);

        public IdRow? LoadId(string id) => store.LoadId(id);

        public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max) => store.LoadTimers(after, untilMs, max);

        public IReadOnlyList<string> LoadAliases(string id) => store.LoadAliases(id);

        public long CountCustomers() => store.CountCustomers();

        public IReadOnlyDictionary<string, long> LoadCounters() => store.LoadCounters();

        public byte[]? LoadShared() => store.LoadShared();

        public IReadOnlyDictionary<string, long> LoadPositions() => store.LoadPositions();

        public IReadOnlyDictionary<string, long> LoadCursors() => store.LoadCursors();

        public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => store.ReadFacts(after, max);

        public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => store.ReadDeadLetters(after, max);

        public IReadOnlyList<Tombstone> LoadTombstones() => store.LoadTombstones();

        public IReadOnlyList<QuarantinedCustomer> LoadQuarantine() => store.LoadQuarantine();

        public Erasure? LoadErasure(UInt128 digest) => store.LoadErasure(digest);

        public IReadOnlyList<Erasure> LoadPendingErasures() => store.LoadPendingErasures();

        public IReadOnlyList<Handover> ReadHandovers(long after, int max) => store.ReadHandovers(after, max);

        public IReadOnlyList<HeldMessage> LoadHeld() => store.LoadHeld();

        public void Commit(Checkpoint checkpoint) => throw new InvalidOperationException("A grain does not commit; the worker of its partition does.");

        public void Dispose()
        {
        }
    }
}
