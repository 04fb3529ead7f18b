using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Most frequent value; ties: the one whose latest entry is last in order. At most 64 values are tracked in one scan in order. Null over nothing.</summary>
public sealed class ModeAggregate(PropertyType type) : TableAggregate
{
    public const int Tracked = 64;

    public override CelType ResultType => CelTypes.Of(type);

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        ValueTable table = scratch.Table(type, Tracked);
        for (int i = from; i < to; i++)
            table.Add(0, new Entry(log.TimeMs(i), log.Bits(i), log.Text(i)));
        return table.Mode(0);
    }

    public override ValueTable NewTable() => new(type, Tracked);

    public override Value OverTable(ValueTable table, long oldest) => table.Mode(oldest);
}
