using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>
/// Σ v · 2^(−(now − t) / half_life) in order, v = 1 without a property; 0.0 over nothing. A tile keeps Σ v · 2^(−(T − t) / half_life) in <c>A</c>, where T = <c>B</c> is the
/// latest time it has seen. Every term shrinks by the same factor, so the whole does: value(now + d) = value(now) · 2^(−d / half_life) while nothing enters or leaves.
/// </summary>
public sealed class DecayedAggregate(PropertyType? type, long halfLifeMs) : WindowAggregate
{
    public override CelType ResultType => CelType.Double;

    public override Value Empty => Value.Double(0);

    public long HalfLifeMs => halfLifeMs;

    public double Factor(long ageMs) => Math.Pow(2, -(double)ageMs / halfLifeMs);

    public double Weight(long bits) => type is { } property ? AvgAggregate.Number(property, bits) : 1;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        double total = 0;
        for (int i = from; i < to; i++)
            total += Weight(log.Bits(i)) * Factor(nowMs - log.TimeMs(i));
        return Value.Double(total);
    }

    public override void AddTo(ref Tile tile, in Entry entry) => Add(ref tile, 1, Weight(entry.Bits), entry.TimeMs);

    public override void Combine(ref Tile tile, in Tile other) => Add(ref tile, other.Count, BitConverter.Int64BitsToDouble(other.A), other.B);

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        double total = 0;
        foreach (ref readonly Tile tile in tiles)
            total += BitConverter.Int64BitsToDouble(tile.A) * Factor(nowMs - tile.B);
        return Value.Double(total);
    }

    private void Add(ref Tile tile, long count, double sum, long atMs)
    {
        double kept = BitConverter.Int64BitsToDouble(tile.A);
        if (tile.Count == 0)
            (kept, tile.B) = (sum, atMs);
        else if (atMs >= tile.B)
            (kept, tile.B) = ((kept * Factor(atMs - tile.B)) + sum, atMs);
        else
            kept += sum * Factor(tile.B - atMs);
        tile.A = BitConverter.DoubleToInt64Bits(kept);
        tile.Count += count;
    }
}
