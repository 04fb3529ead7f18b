using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Double sum in order, divided by the number of entries; null over nothing.</summary>
public sealed class AvgAggregate(PropertyType type) : WindowAggregate
{
    public override CelType ResultType => CelType.Double;

    public override bool SumsDoubles => type == PropertyType.Double;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        if (from == to)
            return Value.Null;
        if (type == PropertyType.Double)
            return Value.Double(SumAggregate.Total(log, from, to) / (to - from));
        double total = 0;
        for (int i = from; i < to; i++)
            total += log.Bits(i);
        return Value.Double(total / (to - from));
    }

    public override void AddTo(ref Tile tile, in Entry entry) => Add(ref tile, Number(type, entry.Bits), 1);

    public override void Combine(ref Tile tile, in Tile other) => Add(ref tile, BitConverter.Int64BitsToDouble(other.A), other.Count);

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        double total = 0;
        long count = 0;
        foreach (ref readonly Tile tile in tiles)
        {
            total += BitConverter.Int64BitsToDouble(tile.A);
            count += tile.Count;
        }

        return count == 0 ? Value.Null : Value.Double(total / count);
    }

    /// <summary>An int or double property as a double.</summary>
    public static double Number(PropertyType type, long bits) => type == PropertyType.Int ? bits : BitConverter.Int64BitsToDouble(bits);

    private static void Add(ref Tile tile, double value, long count)
    {
        tile.A = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(tile.A) + value);
        tile.Count += count;
    }
}
