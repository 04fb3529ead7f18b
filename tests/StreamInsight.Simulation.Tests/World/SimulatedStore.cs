using StreamInsight.Pipeline;
using StreamInsight.Simulation.Twins;

namespace StreamInsight.Simulation.World;

/// <summary>The store of one process over the disk. A commit is applied whole or not at all, whenever the process is killed; twins break that.</summary>
public sealed class SimulatedStore(SimulatedWorld world) : IStateStore
{
    private readonly Disk _disk = world.Disk;
    private Checkpoint? _promised;

    public byte[]? LoadCustomer(string id) => _disk.Customers.TryGetValue(id, out CustomerRow row) ? row.State.ToArray() : null;

    public IdRow? LoadId(string id) => _disk.Ids.TryGetValue(id, out IdRow row) ? row : null;

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max) => [.. _disk.Customers.Values
        .Select(c => new StoredTimer(c.NextTimerMs, c.Id))
        .Where(t => t.DueMs <= untilMs && t.DueMs < long.MaxValue && (after is not { } a || Order(t, a) > 0))
        .Order(Comparer<StoredTimer>.Create(Order)).Take(max)];

    public IReadOnlyList<string> LoadAliases(string id) => [.. _disk.Ids.Values.Where(i => i.LinkedTo == id).Select(i => i.Id)];

    public long CountCustomers() => _disk.Customers.Count;

    public IReadOnlyDictionary<string, long> LoadCounters() => _disk.Counters;

    public byte[]? LoadShared() => _disk.Shared;

    public IReadOnlyDictionary<string, long> LoadPositions() => world.Flaw == Flaw.ForgetsTheLastPosition
        ? _disk.Positions.ToDictionary(p => p.Key, p => p.Value - 1)
        : new Dictionary<string, long>(_disk.Positions);

    public IReadOnlyDictionary<string, long> LoadCursors() => _disk.Cursors;

    public long LastFactPosition => _disk.AllFacts.Count;

    public long LastDeadLetterNumber => _disk.LastDeadLetter;

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => [.. _disk.Outbox.Where(f => f.Key > after).Take(max).Select(f => f.Value)];

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => [.. _disk.DeadLetters.Where(d => d.Key > after).Take(max).Select(d => d.Value)];

    public void Commit(Checkpoint checkpoint)
    {
        world.Findings.Note(world.Clock.NowMs, $"commit of {checkpoint.Facts.Count} facts, {checkpoint.Changes.Customers.Count} customers, {string.Join(' ', checkpoint.Positions)}");
        if (world.Happens(world.Habits.DiskFullOneIn))
            world.DiskFullUntilMs = world.Clock.NowMs + world.Random.Pick([0L, world.Random.Between(0, world.Habits.LongestAwayMs)]);
        if (world.Clock.NowMs <= world.DiskFullUntilMs)
            throw new DependencyUnavailableException("the disk is full") { MayPass = world.DiskFullMayPass };
        bool isKilled = world.Happens(world.Habits.KillInCommitOneIn);
        if (world.Flaw == Flaw.None)
            Apply(checkpoint, isKilled);
        else
            ApplyBadly(checkpoint, isKilled);
        if (isKilled)
            world.Kill("in a commit");
    }

    public void Dispose()
    {
    }

    private void Apply(Checkpoint checkpoint, bool isKilled)
    {
        if (isKilled && world.Random.Chance(50))
            return;
        _disk.ApplyState(checkpoint);
        _disk.ApplyPositions(checkpoint);
        _disk.ApplyFacts(checkpoint);
        _disk.ApplyCursors(checkpoint);
        _disk.CheckMembers(checkpoint);
    }

    /// <summary>Each flaw shows where the real store takes care.</summary>
    private void ApplyBadly(Checkpoint checkpoint, bool isKilled)
    {
        bool isHalf = isKilled && world.Random.Chance(50);
        switch (world.Flaw)
        {
            case Flaw.PositionsBeforeState:
                _disk.ApplyPositions(checkpoint);
                if (isHalf)
                    return;
                break;
            case Flaw.StateBeforePositions:
                _disk.ApplyState(checkpoint);
                _disk.ApplyFacts(checkpoint);
                if (!isHalf)
                    _disk.ApplyPositions(checkpoint);
                _disk.ApplyCursors(checkpoint);
                return;
            case Flaw.OutboxInMemoryOnly:
                Apply(checkpoint, isKilled);
                _disk.Outbox.Clear();
                return;
            case Flaw.DeadLettersOnTheirOwn when isHalf:
                var letters = new Checkpoint { Changes = new HostChanges() };
                letters.DeadLetters.AddRange(checkpoint.DeadLetters);
                _disk.ApplyFacts(letters);
                return;
            case Flaw.DeliveryBeforeCommit:
                foreach (Receiver receiver in world.Receivers)
                    receiver.Take(checkpoint.Facts);
                break;
            case Flaw.CommitReturnsEarly:
                (Checkpoint? before, _promised) = (_promised, Copy(checkpoint));
                if (before is not null)
                    Apply(before, false);
                return;
            case Flaw.CursorsRunAhead:
                foreach (string sink in checkpoint.Cursors.Keys.Where(k => !k.StartsWith("dead:", StringComparison.Ordinal)).ToList())
                    checkpoint.Cursors[sink] = checkpoint.Facts.Count > 0 ? checkpoint.Facts[^1].Position : _disk.AllFacts.Count;
                break;
            case Flaw.TrimsTheUndelivered:
                checkpoint.TrimFactsTo = long.MaxValue;
                break;
        }
        Apply(checkpoint, isKilled);
    }

    private static Checkpoint Copy(Checkpoint of)
    {
        var copy = new Checkpoint { Changes = new HostChanges(), TrimFactsTo = of.TrimFactsTo, TrimDeadLettersTo = of.TrimDeadLettersTo };
        copy.Changes.Customers.AddRange(of.Changes.Customers.Select(c => c with { State = c.State.ToArray() }));
        copy.Changes.RemovedCustomers.AddRange(of.Changes.RemovedCustomers);
        copy.Changes.Ids.AddRange(of.Changes.Ids);
        foreach ((string name, long count) in of.Changes.Counters)
            copy.Changes.Counters[name] = count;
        copy.Changes.Shared = of.Changes.Shared;
        foreach ((string source, long offset) in of.Positions)
            copy.Positions[source] = offset;
        foreach ((string sink, long position) in of.Cursors)
            copy.Cursors[sink] = position;
        copy.Facts.AddRange(of.Facts);
        copy.DeadLetters.AddRange(of.DeadLetters);
        return copy;
    }

    private static int Order(StoredTimer a, StoredTimer b) => a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : string.CompareOrdinal(a.Customer, b.Customer);
}
