using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>First or last value by order; null over nothing. A tile's <c>A</c> is that entry's time, <c>B</c> and <c>Text</c> its value.</summary>
public sealed class EdgeAggregate(PropertyType type, bool last) : WindowAggregate
{
    public override CelType ResultType => CelTypes.Of(type);

    public bool IsLast => last;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        if (from == to)
            return Value.Null;
        int at = last ? to - 1 : from;
        return Entry.ToValue(type, log.Bits(at), log.Text(at));
    }

    public override void AddTo(ref Tile tile, in Entry entry) => Take(ref tile, 1, entry.TimeMs, entry.Bits, entry.Text);

    public override void Combine(ref Tile tile, in Tile other) => Take(ref tile, other.Count, other.A, other.B, other.Text);

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        Tile edge = default;
        foreach (ref readonly Tile tile in tiles)
            Take(ref edge, tile.Count, tile.A, tile.B, tile.Text);
        return edge.Count == 0 ? Value.Null : Entry.ToValue(type, edge.B, edge.Text);
    }

    /// <summary>Whether an entry that arrives now, at <paramref name="timeMs"/>, takes the place of the one kept. Of equal times the later arrival is last.</summary>
    public bool Replaces(long timeMs, long keptMs) => last ? timeMs >= keptMs : timeMs < keptMs;

    private void Take(ref Tile tile, long count, long timeMs, long bits, string? text)
    {
        if (tile.Count == 0 || Replaces(timeMs, tile.A))
            (tile.A, tile.B, tile.Text) = (timeMs, bits, text);
        tile.Count += count;
    }
}
