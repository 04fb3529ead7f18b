using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Features;
using StreamInsight.Segments;

namespace StreamInsight;

/// <content>How customers end: in another one (semantics, section 8), or for good (section 11).</content>
public sealed partial class CustomerEngine
{
    /// <summary>
    /// Ends <paramref name="from"/> in <paramref name="into"/>: both advance to the common clock, the first leaves its segments, the second takes everything and is
    /// evaluated. <paramref name="into"/> null = it has no state yet and takes the other's as its own, under <paramref name="intoId"/>.
    /// </summary>
    public CustomerState Merge(CustomerState from, CustomerState? into, string intoId, long recordTimeMs, List<Fact> facts)
    {
        End(from, Math.Max(into?.ClockMs ?? long.MinValue, recordTimeMs), facts);
        return TakeIn(from, into, intoId, facts);
    }

    /// <summary>The first half of a merge: the customer that ends advances to the common clock and leaves its segments. Its state stays what the other takes in.</summary>
    /// <param name="clockMs">The later of the other's clock and the record time.</param>
    public void End(CustomerState from, long clockMs, List<Fact> facts)
    {
        Advance(from, clockMs, facts);
        LeaveAll(from, StepKind.Merge, facts);
    }

    /// <summary>The second half of a merge: <paramref name="into"/> advances to the clock of the one that ended, takes everything of it and is evaluated.</summary>
    public CustomerState TakeIn(CustomerState from, CustomerState? into, string intoId, List<Fact> facts)
    {
        long clockMs = Math.Max(from.ClockMs, into?.ClockMs ?? long.MinValue);
        if (into is not null)
            Advance(into, clockMs, facts);

        Memberships before = default;
        int stageBefore = _model.Journey?.Initial ?? 0;
        if (into is null)
        {
            into = from.WithId(intoId);
            into.Decisions?.ForgetTold();
        }
        else
        {
            before.Absorb(into.Segments);
            stageBefore = into.Journey.Stage;
            Absorb(into, from, clockMs);
        }

        Bind(into, clockMs, null, 0);
        into.Settled.ClearAll();
        _step.Begin(StepKind.Merge, into.Journey.Stage, mergedFrom: from.Id);
        if (into.Journey.Stage != stageBefore)
        {
            _step.Hops.Add((stageBefore, into.Journey.Stage));
            _step.Visited.Add(stageBefore);
        }

        foreach (CompiledSegment segment in _model.Segments)
        {
            bool was = before.IsMember(segment.Index);
            if (into.Segments.IsMember(segment.Index) != was)
                _step.Remember(segment.Index, was);
        }

        Evaluate(into, facts);
        return into;
    }

    /// <summary>Leaves every segment and says that the customer is gone; the caller removes the state.</summary>
    public void Erase(CustomerState customer, List<Fact> facts)
    {
        LeaveAll(customer, StepKind.Erase, facts);
        Emit(customer, facts, FactKind.Erased, null);
    }

    /// <summary>A customer that ends leaves each segment, in written order; no trigger answers that.</summary>
    private void LeaveAll(CustomerState customer, StepKind kind, List<Fact> facts)
    {
        Bind(customer, customer.ClockMs, null, 0);
        _step.Begin(kind, customer.Journey.Stage);
        foreach (CompiledSegment segment in _model.SegmentsOf(customer))
            Emit(customer, facts, FactKind.SegmentLeft, segment.Name);
    }

    private void Absorb(CustomerState into, CustomerState from, long clockMs)
    {
        foreach (ObservedFeature observed in _model.Observed)
            observed.Feature.Merge(ref into.Memory, ref from.Memory, clockMs);
        for (int slot = 0; slot < from.Traits?.Length; slot++)
            if ((into.Traits ??= new Value[from.Traits.Length])[slot].IsNull)
                into.Traits[slot] = from.Traits[slot];
        _model.Recent.Merge(ref into.Memory, ref from.Memory);
        into.Journey.Absorb(from.Journey, _model.Journey?.Initial ?? 0);
        into.Segments.Absorb(from.Segments);
        into.BornMs = Math.Min(into.BornMs, from.BornMs);
        if (from.Decisions is { } decisions)
            (into.Decisions ??= new DecisionState()).Absorb(decisions, _model.Definition.Policy.Reject);
    }
}
