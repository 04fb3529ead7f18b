using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>Members of each segment, kept by what entered and left. Written by the worker, read by any thread.</summary>
public sealed class SegmentCounts
{
    private readonly ConcurrentDictionary<string, long> _members;

    /// <param name="stored">Members by segment as stored.</param>
    /// <param name="segments">The model's segments, so that an empty one is 0 and not unknown.</param>
    public SegmentCounts(IReadOnlyDictionary<string, long> stored, IEnumerable<string> segments)
    {
        _members = new ConcurrentDictionary<string, long>(stored, StringComparer.Ordinal);
        foreach (string segment in segments)
            _members.TryAdd(segment, 0);
    }

    public long this[string segment] => _members.GetValueOrDefault(segment);

    internal IEnumerable<Measurement<long>> Measure() =>
        _members.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("segment", pair.Key)));

    internal void Add(OutboxFact fact)
    {
        if (fact.Kind is FactKind.SegmentEntered or FactKind.SegmentLeft)
            _members.AddOrUpdate(fact.Subject!, Step(fact), (_, members) => members + Step(fact));

        static long Step(OutboxFact fact) => fact.Kind == FactKind.SegmentEntered ? 1 : -1;
    }
}
