using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Left-to-right sum of integers in order; 0 over nothing; null once a partial sum leaves 64 bits. A tile's <c>B</c> is 1 once its own sum did.</summary>
public sealed class IntSumAggregate : WindowAggregate
{
    public override CelType ResultType => CelType.Int;

    /// <summary>A sum that overflows is null.</summary>
    public override CelType ReadType => CelType.Nullable(ResultType);

    public override Value Empty => Value.Int(0);

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        long total = 0;
        for (int i = from; i < to; i++)
            if (!TryAdd(ref total, log.Bits(i)))
                return Value.Null;
        return Value.Int(total);
    }

    public override void AddTo(ref Tile tile, in Entry entry)
    {
        tile.Count++;
        if (!TryAdd(ref tile.A, entry.Bits))
            tile.B = 1;
    }

    public override void Combine(ref Tile tile, in Tile other)
    {
        tile.Count += other.Count;
        if (other.B != 0 || !TryAdd(ref tile.A, other.A))
            tile.B = 1;
    }

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        long total = 0;
        foreach (ref readonly Tile tile in tiles)
            if (tile.B != 0 || !TryAdd(ref total, tile.A))
                return Value.Null;
        return Value.Int(total);
    }

    public static bool TryAdd(ref long total, long value)
    {
        long sum = unchecked(total + value);
        if (((total ^ sum) & (value ^ sum)) < 0)
            return false;
        total = sum;
        return true;
    }
}
