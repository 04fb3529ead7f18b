using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Bench.Orleans;

/// <summary>A store that is empty and stays so: what the bench measures is the host.</summary>
internal sealed class NoStore : IStateStore
{
    public long LastFactPosition => 0;

    public long LastDeadLetterNumber => 0;

    public byte[]? LoadCustomer(string id) => null;

    public IdRow? LoadId(string id) => null;

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max) => [];

    public IReadOnlyList<string> LoadAliases(string id) => [];

    public long CountCustomers() => 0;

    public IReadOnlyDictionary<string, long> LoadCounters() => new Dictionary<string, long>();

    public byte[]? LoadShared() => null;

    public IReadOnlyDictionary<string, long> LoadPositions() => new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> LoadCursors() => new Dictionary<string, long>();

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => [];

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => [];

    public void Commit(Checkpoint checkpoint)
    {
    }

    public void Dispose()
    {
    }
}
