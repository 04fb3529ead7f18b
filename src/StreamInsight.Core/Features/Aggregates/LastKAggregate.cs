using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>The newest <c>k</c> values, newest first; null over nothing.</summary>
public sealed class LastKAggregate(PropertyType type, int k) : WindowAggregate
{
    public override CelType ResultType => CelType.List(CelTypes.Of(type));

    public override bool HasTiles => false;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        if (from == to)
            return Value.Null;
        var values = new Value[Math.Min(k, to - from)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Entry.ToValue(type, log.Bits(to - 1 - i), log.Text(to - 1 - i));
        return Value.List(values);
    }
}
