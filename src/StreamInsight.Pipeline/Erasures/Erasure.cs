namespace StreamInsight.Pipeline.Erasures;

/// <summary>
/// One customer's erasure. The state store removes its part in the commit that holds the <c>erased</c> fact; places outside it (<see cref="IErasable"/>) follow and are
/// tried until they have done it. Ids are kept only as long as some place still needs them.
/// </summary>
public sealed record Erasure
{
    /// <summary>Of the customer's root id; the key under which the erasure is stored.</summary>
    public required UInt128 Digest { get; init; }

    /// <summary>When it was ordered, UTC ms.</summary>
    public required long AtMs { get; init; }

    /// <summary>Until when records of its ids are refused, UTC ms.</summary>
    public required long UntilMs { get; init; }

    /// <summary>The root id first, then everything that leads to it; empty = done everywhere.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>What was removed, by store.</summary>
    public IReadOnlyDictionary<string, long> Removed { get; init; } = new Dictionary<string, long>();

    /// <summary>Places that have not done it yet, by name.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>Its <c>erased</c> fact's place in the outbox.</summary>
    public long FactPosition { get; init; }

    /// <summary>By source partition, the last offset applied before it: what stands behind is later.</summary>
    public IReadOnlyDictionary<string, long> Positions { get; init; } = new Dictionary<string, long>();

    public bool IsDone => Pending.Count == 0;

    /// <summary>The same with one more store's count; counts of one store add up.</summary>
    public Erasure With(string store, long removed)
    {
        var counts = new Dictionary<string, long>(Removed, StringComparer.Ordinal);
        counts[store] = counts.GetValueOrDefault(store) + removed;
        return this with { Removed = counts };
    }

    /// <summary>The same with one place less to do. With the last of them the ids are forgotten.</summary>
    public Erasure Without(string place)
    {
        string[] rest = [.. Pending.Where(name => name != place)];
        return this with { Pending = rest, Ids = rest.Length == 0 ? [] : Ids };
    }
}
