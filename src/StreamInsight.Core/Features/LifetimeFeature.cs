using StreamInsight.Expressions;
using StreamInsight.Features.Aggregates;

namespace StreamInsight.Features;

/// <summary>A feature over the customer's whole life, in constant space. Sums are in order of arrival.</summary>
public sealed class LifetimeFeature(string name, WindowAggregate aggregate) : Feature(name, aggregate.ReadType)
{
    private WindowAggregate Aggregate => aggregate;

    public override void Observe(ref FeatureState? state, in Entry entry, long nowMs)
    {
        if (Aggregate is TableAggregate table)
            ((ValueTable)(state ??= table.NewTable())).Add(0, entry);
        else
            Aggregate.AddTo(ref ((Accumulator)(state ??= new Accumulator())).Total, entry);
    }

    public override Value Read(FeatureState? state, EvalContext context, FeatureScratch scratch)
    {
        if (Aggregate is DecayedAggregate decayed && state is not null)
            context.Until(DecayedCrossing.NextLook(context.Now, decayed));
        return ValueAt(state, context.Now);
    }

    public override Value Compare(FeatureState? state, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant)
    {
        Value value = ValueAt(state, context.Now);
        if (Aggregate is not DecayedAggregate decayed || state is null)
            return Comparisons.Compare(value, comparison, constant);
        return DecayedCrossing.Compare(decayed, context, value, comparison, constant, now => ValueAt(state, now), long.MaxValue);
    }

    public override FeatureState? Merge(FeatureState? into, FeatureState? from, long nowMs)
    {
        if (into is null || from is null)
            return into ?? from;
        if (into is ValueTable table)
            table.Absorb((ValueTable)from);
        else
            Aggregate.Combine(ref ((Accumulator)into).Total, ((Accumulator)from).Total);
        return into;
    }

    public override FeatureCoverage Coverage(FeatureState? state, long nowMs, long bornMs) =>
        new("lifetime", null, true, false, state is ValueTable { IsCapped: true });

    private Value ValueAt(FeatureState? state, long nowMs) => state switch
    {
        ValueTable table => table.Read(Aggregate, 0, nowMs),
        Accumulator accumulator => Aggregate.OverTiles(new ReadOnlySpan<Tile>(in accumulator.Total), nowMs),
        _ => Aggregate.Empty,
    };
}
