using StreamInsight.Definitions;
using StreamInsight.Expressions;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// Different values with their counts per tile and their latest entry: what <c>distinct</c> and <c>mode</c> remember when they do not keep entries. A lifetime feature
/// has one tile, index 0. Holds at most <see cref="Limit"/> values: the value whose latest entry is first in order is forgotten with its counts.
/// </summary>
public sealed class ValueTable(PropertyType type, int limit) : TiledState
{
    public const byte StateTag = 4;

    private readonly List<Row> _rows = [];
    private long _arrivals;
    private long _keptFrom = long.MinValue;

    public override byte Tag => StateTag;

    public int Limit => limit;

    public int Count => _rows.Count;

    /// <summary>True once a value was forgotten for want of room.</summary>
    public bool IsCapped { get; private set; }

    public override bool IsEmpty => _rows.Count == 0;

    public override long OldestIndex => _rows.Min(row => row.Tiles[0].Index);

    public void Clear()
    {
        _rows.Clear();
        _arrivals = 0;
        IsCapped = false;
    }

    public override Value Read(WindowAggregate aggregate, long oldest, long nowMs) => ((TableAggregate)aggregate).OverTable(this, oldest);

    public override void Add(WindowAggregate aggregate, long index, in Entry entry) => Add(index, entry);

    public void Add(long index, in Entry entry)
    {
        Row? row = Find(entry.Bits, entry.Text);
        if (row is null)
        {
            Forget(limit - 1);
            row = new Row(entry.Bits, entry.Text) { LastMs = long.MinValue };
            _rows.Add(row);
        }

        row.Count(index, 1);
        row.Seen(entry.TimeMs, ++_arrivals);
        _keptFrom = Math.Min(_keptFrom, index);
    }

    /// <summary>How many values have an entry in tile <paramref name="oldest"/> or later.</summary>
    public int CountFrom(long oldest)
    {
        int count = 0;
        foreach (Row row in _rows)
            if (row.Tiles[^1].Index >= oldest)
                count++;
        return count;
    }

    /// <summary>The most frequent value from tile <paramref name="oldest"/> on; ties: the one whose latest entry is last in order; null over nothing.</summary>
    public Value Mode(long oldest)
    {
        Row? best = null;
        long most = 0;
        foreach (Row row in _rows)
        {
            long count = 0;
            foreach ((long index, long n) in row.Tiles)
                if (index >= oldest)
                    count += n;
            if (count > most || (count == most && count > 0 && row.IsAfter(best!)))
                (best, most) = (row, count);
        }

        return best is null ? Value.Null : Entry.ToValue(type, best.Bits, best.Text);
    }

    public override void DropBefore(long index)
    {
        // Asked at every event; something goes only when a tile does.
        if (index <= _keptFrom)
            return;
        _keptFrom = index;
        for (int i = _rows.Count - 1; i >= 0; i--)
        {
            var tiles = _rows[i].Tiles;
            int gone = 0;
            while (gone < tiles.Count && tiles[gone].Index < index)
                gone++;
            if (gone == tiles.Count)
                _rows.RemoveAt(i);
            else if (gone > 0)
                tiles.RemoveRange(0, gone);
        }
    }

    public override void Absorb(WindowAggregate aggregate, TiledState other) => Absorb((ValueTable)other);

    public void Absorb(ValueTable other)
    {
        foreach (Row theirs in other._rows)
        {
            Row? row = Find(theirs.Bits, theirs.Text);
            if (row is null)
                _rows.Add(row = new Row(theirs.Bits, theirs.Text) { LastMs = long.MinValue });
            foreach ((long index, long n) in theirs.Tiles)
                row.Count(index, n);
            row.Seen(theirs.LastMs, _arrivals + theirs.LastArrival);
        }

        _arrivals += other._arrivals;
        _keptFrom = long.MinValue;
        IsCapped |= other.IsCapped;
        Forget(limit);
    }

    private Row? Find(long bits, string? text)
    {
        foreach (Row row in _rows)
            if (Entry.SameValue(type, row.Bits, row.Text, bits, text))
                return row;
        return null;
    }

    private void Forget(int keep)
    {
        while (_rows.Count > keep)
        {
            int first = 0;
            for (int i = 1; i < _rows.Count; i++)
                if (_rows[first].IsAfter(_rows[i]))
                    first = i;
            _rows.RemoveAt(first);
            IsCapped = true;
        }
    }

    public override void Encode(StateWriter writer)
    {
        writer.WriteByte((byte)type);
        writer.WriteUnsigned((ulong)limit);
        writer.WriteByte(IsCapped ? (byte)1 : (byte)0);
        writer.WriteSigned(_arrivals);
        writer.WriteUnsigned((ulong)_rows.Count);
        foreach (Row row in _rows)
        {
            writer.WriteBits(row.Bits);
            writer.WriteText(row.Text);
            writer.WriteSigned(row.LastMs);
            writer.WriteSigned(row.LastArrival);
            writer.WriteUnsigned((ulong)row.Tiles.Count);
            foreach ((long index, long n) in row.Tiles)
            {
                writer.WriteSigned(index);
                writer.WriteSigned(n);
            }
        }
    }

    public static ValueTable Read(ref StateReader reader)
    {
        var type = (PropertyType)reader.ReadInt((int)PropertyType.Timestamp + 1);
        var table = new ValueTable(type, reader.ReadInt(1 << 20)) { IsCapped = reader.ReadByte() != 0, _arrivals = reader.ReadSigned() };
        int rows = reader.ReadCount();
        for (int i = 0; i < rows; i++)
        {
            var row = new Row(reader.ReadBits(), reader.ReadText()) { LastMs = reader.ReadSigned(), LastArrival = reader.ReadSigned() };
            int tiles = reader.ReadCount();
            for (int t = 0; t < tiles; t++)
                row.Tiles.Add((reader.ReadSigned(), reader.ReadSigned()));
            table._rows.Add(row);
        }

        return table;
    }

    private sealed class Row(long bits, string? text)
    {
        public long Bits { get; } = bits;

        public string? Text { get; } = text;

        public long LastMs { get; set; }

        public long LastArrival { get; set; }

        /// <summary>Counts by tile, in order of index.</summary>
        public List<(long Index, long Count)> Tiles { get; } = new(1);

        public void Seen(long timeMs, long arrival)
        {
            if (timeMs >= LastMs)
                (LastMs, LastArrival) = (timeMs, arrival);
        }

        public void Count(long index, long by)
        {
            int at = Tiles.Count;
            while (at > 0 && Tiles[at - 1].Index > index)
                at--;
            if (at > 0 && Tiles[at - 1].Index == index)
                Tiles[at - 1] = (index, Tiles[at - 1].Count + by);
            else
                Tiles.Insert(at, (index, by));
        }

        public bool IsAfter(Row other) => LastMs != other.LastMs ? LastMs > other.LastMs : LastArrival > other.LastArrival;
    }
}
