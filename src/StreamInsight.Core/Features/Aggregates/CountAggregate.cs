using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Number of entries; 0 over nothing.</summary>
public sealed class CountAggregate : WindowAggregate
{
    public override CelType ResultType => CelType.Int;

    public override Value Empty => Value.Int(0);

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch) => Value.Int(to - from);

    public override void AddTo(ref Tile tile, in Entry entry) => tile.Count++;

    public override void Combine(ref Tile tile, in Tile other) => tile.Count += other.Count;

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        long count = 0;
        foreach (ref readonly Tile tile in tiles)
            count += tile.Count;
        return Value.Int(count);
    }
}
