using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A real store whose commits wait at a gate, or fail like a full disk (which may pass), or like a broken one.</summary>
public sealed class TroubledStore(IStateStore store) : IStateStore
{
    private readonly ManualResetEventSlim _gate = new(true);
    private volatile bool _isFull;
    private int _commits;
    private int _refused;

    public int Commits => Volatile.Read(ref _commits);

    public bool IsBroken { get; init; }

    public int Refused => Volatile.Read(ref _refused);

    public bool IsFull { get => _isFull; set => _isFull = value; }

    public long LastFactPosition => store.LastFactPosition;

    public long LastDeadLetterNumber => store.LastDeadLetterNumber;

    public void Hold() => _gate.Reset();

    public void Release() => _gate.Set();

    public void Commit(Checkpoint checkpoint)
    {
        _gate.Wait();
        if (IsBroken)
            throw new DependencyUnavailableException("the disk is broken");
        if (IsFull)
            {
            Interlocked.Increment(ref _refused);
            throw new DependencyUnavailableException("the disk is full") { MayPass = true };
        }
        store.Commit(checkpoint);
        Interlocked.Increment(ref _commits);
    }

    public byte[]? LoadCustomer(string id) => store.LoadCustomer(id);

    public IdRow? LoadId(string id) => store.LoadId(id);

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max) => store.LoadTimers(after, untilMs, max);

    public IReadOnlyList<string> LoadAliases(string id) => store.LoadAliases(id);

    public long CountCustomers() => store.CountCustomers();

    public byte[]? LoadShared() => store.LoadShared();

    public IReadOnlyDictionary<string, long> LoadCounters() => store.LoadCounters();

    public IReadOnlyDictionary<string, long> LoadPositions() => store.LoadPositions();

    public IReadOnlyDictionary<string, long> LoadCursors() => store.LoadCursors();

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => store.ReadFacts(after, max);

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => store.ReadDeadLetters(after, max);

    public ReadOnlyMemory<byte> Secret => store.Secret;

    public IReadOnlyList<Tombstone> LoadTombstones() => store.LoadTombstones();

    public IReadOnlyList<QuarantinedCustomer> LoadQuarantine() => store.LoadQuarantine();

    public Erasure? LoadErasure(UInt128 digest) => store.LoadErasure(digest);

    public IReadOnlyList<Erasure> LoadPendingErasures() => store.LoadPendingErasures();

    public void Dispose() => _gate.Dispose();
}
