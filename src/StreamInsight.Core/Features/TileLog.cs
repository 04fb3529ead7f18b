using StreamInsight.Expressions;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>Tiles in order of their index; at most 62 are ever covered by a window.</summary>
public sealed class TileLog : TiledState
{
    public const byte StateTag = 2;

    private Tile[] _tiles = new Tile[8];
    private int _count;

    public override byte Tag => StateTag;

    public override bool IsEmpty => _count == 0;

    public override long OldestIndex => _tiles[0].Index;

    public ReadOnlySpan<Tile> Tiles => _tiles.AsSpan(0, _count);

    public override void DropBefore(long index)
    {
        int gone = 0;
        while (gone < _count && _tiles[gone].Index < index)
            gone++;
        if (gone == 0)
            return;
        Array.Copy(_tiles, gone, _tiles, 0, _count - gone);
        Array.Clear(_tiles, _count - gone, gone);
        _count -= gone;
    }

    public override Value Read(WindowAggregate aggregate, long oldest, long nowMs)
    {
        int from = 0;
        while (from < _count && _tiles[from].Index < oldest)
            from++;
        return aggregate.OverTiles(Tiles[from..], nowMs);
    }

    public override void Add(WindowAggregate aggregate, long index, in Entry entry) => aggregate.AddTo(ref At(index), entry);

    public override void Absorb(WindowAggregate aggregate, TiledState other)
    {
        foreach (Tile tile in ((TileLog)other).Tiles)
            aggregate.Combine(ref At(tile.Index), tile);
    }

    private ref Tile At(long index)
    {
        int at = _count;
        while (at > 0 && _tiles[at - 1].Index > index)
            at--;
        if (at > 0 && _tiles[at - 1].Index == index)
            return ref _tiles[at - 1];
        if (_count == _tiles.Length)
            Array.Resize(ref _tiles, _count * 2);
        Array.Copy(_tiles, at, _tiles, at + 1, _count - at);
        _count++;
        _tiles[at] = new Tile { Index = index };
        return ref _tiles[at];
    }

    public override void Encode(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)_count);
        foreach (Tile tile in Tiles)
        {
            writer.WriteSigned(tile.Index);
            writer.WriteSigned(tile.Count);
            writer.WriteBits(tile.A);
            writer.WriteBits(tile.B);
            writer.WriteText(tile.Text);
        }
    }

    public static TileLog Read(ref StateReader reader)
    {
        var log = new TileLog();
        int count = reader.ReadCount();
        for (int i = 0; i < count; i++)
        {
            ref Tile tile = ref log.At(reader.ReadSigned());
            tile.Count = reader.ReadSigned();
            tile.A = reader.ReadBits();
            tile.B = reader.ReadBits();
            tile.Text = reader.ReadText();
        }

        return log;
    }
}
