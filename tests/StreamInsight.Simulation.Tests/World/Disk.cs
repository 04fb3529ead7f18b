using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Simulation.World;

/// <summary>What is durable, and what every commit must leave true. Outlives the processes.</summary>
/// <param name="countTaken">Facts (dead letters) that the other side of a sink has, by the sink's cursor.</param>
public sealed class Disk(CompiledModel model, Findings findings, Func<string, long> countTaken)
{
    private readonly Dictionary<string, HashSet<string>> _memberOf = [];   // by customer, from facts alone
    private readonly Dictionary<string, long> _lastSeq = [];

    public Dictionary<string, CustomerRow> Customers { get; } = [];

    public Dictionary<string, IdRow> Ids { get; } = [];

    public Dictionary<string, long> Counters { get; } = [];

    public byte[]? Shared { get; private set; }

    public Dictionary<string, long> Positions { get; } = [];

    public Dictionary<string, long> Cursors { get; } = [];

    /// <summary>Not trimmed yet.</summary>
    public SortedDictionary<long, OutboxFact> Outbox { get; } = [];

    public SortedDictionary<long, DeadLetter> DeadLetters { get; } = [];

    /// <summary>Every fact ever committed, by position from 1; for checks only.</summary>
    public List<OutboxFact> AllFacts { get; } = [];

    public long LastDeadLetter { get; private set; }

    public IReadOnlyDictionary<string, long> Members => _memberOf.Values.SelectMany(s => s).GroupBy(s => s).ToDictionary(g => g.Key, g => (long)g.Count());

    public void ApplyPositions(Checkpoint checkpoint)
    {
        foreach ((string source, long offset) in checkpoint.Positions)
        {
            findings.Demand(offset >= Positions.GetValueOrDefault(source, long.MinValue), $"the position of {source} goes back from {Positions.GetValueOrDefault(source)} to {offset}");
            Positions[source] = offset;
        }
    }

    public void ApplyFacts(Checkpoint checkpoint)
    {
        foreach (OutboxFact fact in checkpoint.Facts)
        {
            findings.Demand(fact.Position == AllFacts.Count + 1, $"the outbox goes from {AllFacts.Count} to {fact.Position}");
            long last = _lastSeq.GetValueOrDefault(fact.Customer);
            findings.Demand(fact.Seq == last + 1, $"the facts of {fact.Customer} go from {last} to {fact.Seq} in the outbox");
            _lastSeq[fact.Customer] = fact.Seq;
            AllFacts.Add(fact);
            Outbox[fact.Position] = fact;
            Count(fact);
        }
        foreach (DeadLetter letter in checkpoint.DeadLetters)
        {
            findings.Demand(letter.Number == LastDeadLetter + 1, $"dead letters go from {LastDeadLetter} to {letter.Number}");
            DeadLetters[LastDeadLetter = letter.Number] = letter;
        }
    }

    public void ApplyCursors(Checkpoint checkpoint)
    {
        foreach ((string sink, long position) in checkpoint.Cursors)
        {
            findings.Demand(position >= Cursors.GetValueOrDefault(sink), $"the cursor of {sink} goes back");
            findings.Demand(position <= countTaken(sink), $"the cursor of {sink} says {position}; it has been given {countTaken(sink)}");
            Cursors[sink] = position;
        }
        foreach (long position in Outbox.Keys.TakeWhile(p => p <= checkpoint.TrimFactsTo).ToList())
            Outbox.Remove(position);
        foreach (long number in DeadLetters.Keys.TakeWhile(n => n <= checkpoint.TrimDeadLettersTo).ToList())
            DeadLetters.Remove(number);
    }

    public void ApplyState(Checkpoint checkpoint)
    {
        HostChanges changes = checkpoint.Changes;
        foreach (CustomerRow row in changes.Customers)
            Customers[row.Id] = row with { State = row.State.ToArray() };
        foreach (string id in changes.RemovedCustomers)
            Customers.Remove(id);
        foreach (IdRow row in changes.Ids)
            Ids[row.Id] = row;
        foreach (string id in changes.RemovedIds)
            Ids.Remove(id);
        Shared = changes.Shared ?? Shared;
        foreach ((string name, long count) in changes.Counters)
            Counters[name] = count;
    }

    /// <summary>Entered minus left are the members, customer by customer, for all that this commit touched.</summary>
    public void CheckMembers(Checkpoint checkpoint)
    {
        foreach (string id in checkpoint.Changes.Customers.Select(c => c.Id).Concat(checkpoint.Changes.RemovedCustomers).Concat(checkpoint.Facts.Select(f => f.Customer)).Distinct())
        {
            List<string> stored = Customers.TryGetValue(id, out CustomerRow row)
                ? [.. model.SegmentsOf(StateCodec.Decode(row.State.Span, model)).Select(s => s.Name).Order(StringComparer.Ordinal)]
                : [];
            List<string> told = _memberOf.TryGetValue(id, out HashSet<string>? segments) ? [.. segments.Order(StringComparer.Ordinal)] : [];
            findings.Demand(stored.SequenceEqual(told), $"{id} is stored in [{string.Join(' ', stored)}], its facts say [{string.Join(' ', told)}]");
        }
        findings.Demand(Counters.GetValueOrDefault("customers") == Customers.Count, $"{Customers.Count} customers, counted as {Counters.GetValueOrDefault("customers")}");
    }

    private void Count(OutboxFact fact)
    {
        if (!_memberOf.TryGetValue(fact.Customer, out HashSet<string>? segments))
            _memberOf[fact.Customer] = segments = [];
        if (fact.Kind == FactKind.SegmentEntered)
            findings.Demand(segments.Add(fact.Subject!), $"{fact.Customer} enters {fact.Subject} twice");
        if (fact.Kind == FactKind.SegmentLeft)
            findings.Demand(segments.Remove(fact.Subject!), $"{fact.Customer} leaves {fact.Subject} without having been in it");
    }
}
