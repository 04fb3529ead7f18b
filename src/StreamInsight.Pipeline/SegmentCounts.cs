using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>Members of each segment, kept by what entered and left. Written by the worker, read by any thread.</summary>
public sealed class SegmentCounts
{
    /// <summary>Names of the stored counters: how often a segment was entered and left, ever.</summary>
    public const string Entered = "entered:", Left = "left:";

    private readonly ConcurrentDictionary<string, long> _members;
    private readonly Dictionary<string, long> _flows = new(StringComparer.Ordinal);

    /// <param name="stored">Members by segment as stored.</param>
    /// <param name="segments">The model's segments, so that an empty one is 0 and not unknown.</param>
    /// <param name="counters">Stored counters. A segment without any starts with its members as entered.</param>
    public SegmentCounts(IReadOnlyDictionary<string, long> stored, IEnumerable<string> segments, IReadOnlyDictionary<string, long>? counters = null)
    {
        foreach ((string name, long count) in counters ?? new Dictionary<string, long>())
        {
            if (IsFlow(name))
                _flows[name] = count;
        }
        _members = new ConcurrentDictionary<string, long>(stored, StringComparer.Ordinal);
        foreach (string segment in segments)
            _members.TryAdd(segment, 0);
    }

    public long this[string segment] => _members.GetValueOrDefault(segment);

    internal IEnumerable<Measurement<long>> Measure() =>
        _members.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("segment", pair.Key)));

    internal static bool IsFlow(string counter) => counter.StartsWith(Entered, StringComparison.Ordinal) || counter.StartsWith(Left, StringComparison.Ordinal);

    /// <summary>Puts what a checkpoint's facts enter and leave into its counters, so that both become durable together. The worker's.</summary>
    internal void CountFlows(Checkpoint checkpoint)
    {
        foreach (OutboxFact fact in checkpoint.Facts)
        {
            if (fact.Kind is not (FactKind.SegmentEntered or FactKind.SegmentLeft))
                continue;
            string entered = Entered + fact.Subject, left = Left + fact.Subject;
            if (!_flows.ContainsKey(entered))
            {
                // Not the members now: facts of this checkpoint are not among them yet.
                _flows[entered] = this[fact.Subject!];
                _flows[left] = 0;
            }
            _flows[fact.Kind == FactKind.SegmentEntered ? entered : left]++;
            checkpoint.Changes.Counters[entered] = _flows[entered];
            checkpoint.Changes.Counters[left] = _flows.GetValueOrDefault(left);
        }
    }

    internal void Add(OutboxFact fact)
    {
        if (fact.Kind is FactKind.SegmentEntered or FactKind.SegmentLeft)
            _members.AddOrUpdate(fact.Subject!, Step(fact), (_, members) => members + Step(fact));

        static long Step(OutboxFact fact) => fact.Kind == FactKind.SegmentEntered ? 1 : -1;
    }
}
