using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Number of different values, never above 256; 0 over nothing.</summary>
public sealed class DistinctAggregate(PropertyType type) : TableAggregate
{
    public const int Cap = 256;
    private const int NestedUpTo = 16;

    public override CelType ResultType => CelType.Int;

    public override Value Empty => Value.Int(0);

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch) =>
        Value.Int(Math.Min(Cap, to - from <= NestedUpTo ? CountNested(log, from, to) : CountHashed(log, from, to, scratch)));

    public override ValueTable NewTable() => new(type, Cap);

    public override Value OverTable(ValueTable table, long oldest) => Value.Int(table.CountFrom(oldest));

    private int CountNested(in EntryLog log, int from, int to)
    {
        int count = 0;
        for (int i = from; i < to; i++)
        {
            int same = from;
            while (same < i && !Entry.SameValue(type, log.Bits(same), log.Text(same), log.Bits(i), log.Text(i)))
                same++;
            if (same == i)
                count++;
        }

        return count;
    }

    private int CountHashed(in EntryLog log, int from, int to, FeatureScratch scratch)
    {
        if (type == PropertyType.String)
        {
            scratch.Texts.Clear();
            for (int i = from; i < to && scratch.Texts.Count < Cap; i++)
                scratch.Texts.Add(log.Text(i)!);
            return scratch.Texts.Count;
        }

        if (type == PropertyType.Double)
        {
            scratch.Doubles.Clear();
            for (int i = from; i < to && scratch.Doubles.Count < Cap; i++)
                scratch.Doubles.Add(BitConverter.Int64BitsToDouble(log.Bits(i)));
            return scratch.Doubles.Count;
        }

        scratch.Bits.Clear();
        for (int i = from; i < to && scratch.Bits.Count < Cap; i++)
            scratch.Bits.Add(log.Bits(i));
        return scratch.Bits.Count;
    }
}
