using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>
/// Population standard deviation: two passes over entries; over tiles, moments (count, mean in <c>A</c>, sum of squared deviations in <c>B</c>)
/// kept by Welford's update and merged by Chan, Golub and LeVeque (1979). Null over nothing.
/// </summary>
public sealed class StddevAggregate(PropertyType type) : WindowAggregate
{
    public override CelType ResultType => CelType.Double;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        int count = to - from;
        if (count == 0)
            return Value.Null;
        double sum = 0;
        for (int i = from; i < to; i++)
            sum += AvgAggregate.Number(type, log.Bits(i));
        double mean = sum / count, squares = 0;
        for (int i = from; i < to; i++)
        {
            double deviation = AvgAggregate.Number(type, log.Bits(i)) - mean;
            squares += deviation * deviation;
        }

        return Value.Double(Math.Sqrt(squares / count));
    }

    public override void AddTo(ref Tile tile, in Entry entry)
    {
        Moments moments = Moments.Of(tile.Count, tile.A, tile.B).With(AvgAggregate.Number(type, entry.Bits));
        moments.Store(out tile.Count, out tile.A, out tile.B);
    }

    public override void Combine(ref Tile tile, in Tile other)
    {
        Moments moments = Moments.Of(tile.Count, tile.A, tile.B).Combine(Moments.Of(other.Count, other.A, other.B));
        moments.Store(out tile.Count, out tile.A, out tile.B);
    }

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        Moments total = default;
        foreach (ref readonly Tile tile in tiles)
            total = total.Combine(Moments.Of(tile.Count, tile.A, tile.B));
        return total.StandardDeviation;
    }
}
