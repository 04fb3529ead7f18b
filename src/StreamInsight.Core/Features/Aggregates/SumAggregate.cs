using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Left-to-right sum of doubles in order; 0.0 over nothing. Over tiles: the sum of the tiles' sums, oldest first.</summary>
public sealed class SumAggregate : WindowAggregate
{
    /// <summary>Below this many entries adding them again is as fast as keeping a running sum.</summary>
    private const int RunningFrom = 32;

    public override CelType ResultType => CelType.Double;

    public override bool SumsDoubles => true;

    public override Value Empty => Value.Double(0);

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch) => Value.Double(Total(log, from, to));

    public static double Total(in EntryLog log, int from, int to)
    {
        double total = 0;
        if (to - from < RunningFrom || !log.HasSum)
        {
            log.AddDoubles(ref total, from, to);
            return total;
        }

        ref RunningSum running = ref log.Sum;
        if (running.From != from || running.To > to)
            running.Restart(from);
        total = running.Total;
        log.AddDoubles(ref total, running.To, to);
        running.Continue(to, total);
        return total;
    }

    public override void AddTo(ref Tile tile, in Entry entry) => Add(ref tile, BitConverter.Int64BitsToDouble(entry.Bits), 1);

    public override void Combine(ref Tile tile, in Tile other) => Add(ref tile, BitConverter.Int64BitsToDouble(other.A), other.Count);

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        double total = 0;
        foreach (ref readonly Tile tile in tiles)
            total += BitConverter.Int64BitsToDouble(tile.A);
        return Value.Double(total);
    }

    private static void Add(ref Tile tile, double value, long count)
    {
        tile.A = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(tile.A) + value);
        tile.Count += count;
    }
}
