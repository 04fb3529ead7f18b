using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Least or greatest value; null over nothing. A tile's <c>B</c> and <c>Text</c> hold its extreme.</summary>
public sealed class ExtremeAggregate(PropertyType type, bool greatest) : WindowAggregate
{
    public override CelType ResultType => CelTypes.Of(type);

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        if (from == to)
            return Value.Null;
        int best = from;
        for (int i = from + 1; i < to; i++)
            if (IsBetter(log.Bits(i), log.Text(i), log.Bits(best), log.Text(best)))
                best = i;
        return Entry.ToValue(type, log.Bits(best), log.Text(best));
    }

    public override void AddTo(ref Tile tile, in Entry entry) => Take(ref tile, 1, entry.Bits, entry.Text);

    public override void Combine(ref Tile tile, in Tile other) => Take(ref tile, other.Count, other.B, other.Text);

    public override Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs)
    {
        Tile best = default;
        foreach (ref readonly Tile tile in tiles)
            Take(ref best, tile.Count, tile.B, tile.Text);
        return best.Count == 0 ? Value.Null : Entry.ToValue(type, best.B, best.Text);
    }

    public bool IsBetter(long bits, string? text, long thanBits, string? thanText)
    {
        int order = Entry.Compare(type, bits, text, thanBits, thanText);
        return greatest ? order > 0 : order < 0;
    }

    private void Take(ref Tile tile, long count, long bits, string? text)
    {
        if (tile.Count == 0 || IsBetter(bits, text, tile.B, tile.Text))
            (tile.B, tile.Text) = (bits, text);
        tile.Count += count;
    }
}
