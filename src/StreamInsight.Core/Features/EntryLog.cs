using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// Entries in order of (time, arrival): the exact memory of a windowed feature. Appending and dropping from the front are amortised O(1); a late
/// entry is put in its place. Values are kept only if the feature has any.
/// </summary>
public sealed class EntryLog : FeatureState
{
    public const byte StateTag = 1;

    private readonly bool _hasBits;
    private long[] _cells;      // time, or time and bits alternately
    private string?[]? _texts;  // only for strings
    private int _head;

    public EntryLog(bool hasBits, bool hasTexts, int capacity = 1)
    {
        _hasBits = hasBits;
        _cells = new long[hasBits ? capacity * 2 : capacity];
        _texts = hasTexts ? new string?[capacity] : null;
    }

    public override byte Tag => StateTag;

    public int Count { get; private set; }

    /// <summary>True once an entry that belonged was let go to keep within bounds.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Left-to-right sum of a run of entries, kept because the next read mostly continues it.</summary>
    public RunningSum? Sum { get; set; }

    public long TimeMs(int index) => _cells[_hasBits ? (_head + index) * 2 : _head + index];

    public long Bits(int index) => _hasBits ? _cells[((_head + index) * 2) + 1] : 0;

    public string? Text(int index) => _texts?[_head + index];

    /// <summary>The first entry later than <paramref name="timeMs"/>.</summary>
    public int FirstAfter(long timeMs)
    {
        int low = 0, high = Count;
        if (high > 0 && TimeMs(0) > timeMs)
            return 0;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (TimeMs(middle) > timeMs)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>Puts an entry behind every entry that is not later.</summary>
    public void Add(in Entry entry)
    {
        MakeRoom();
        int at = Count;
        while (at > 0 && TimeMs(at - 1) > entry.TimeMs)
            at--;
        if (at < Count)
        {
            Shift(at);
            Sum = null;
        }

        int cell = _head + at;
        if (_hasBits)
        {
            _cells[cell * 2] = entry.TimeMs;
            _cells[(cell * 2) + 1] = entry.Bits;
        }
        else
        {
            _cells[cell] = entry.TimeMs;
        }

        if (_texts is not null)
            _texts[cell] = entry.Text;
        Count++;
    }

    /// <summary>Lets the first <paramref name="count"/> entries go.</summary>
    public void DropFirst(int count)
    {
        if (count == 0)
            return;
        if (_texts is not null)
            Array.Clear(_texts, _head, count);
        _head += count;
        Count -= count;
        if (Count == 0)
            _head = 0;
        Sum?.Dropped(count);
    }

    private void MakeRoom()
    {
        int stride = _hasBits ? 2 : 1;
        int capacity = _cells.Length / stride;
        if (_head + Count < capacity)
            return;

        long[] cells = _head * 2 >= capacity ? _cells : new long[Math.Max(2, capacity * 2) * stride];
        Array.Copy(_cells, _head * stride, cells, 0, Count * stride);
        if (_texts is not null)
        {
            string?[] texts = ReferenceEquals(cells, _cells) ? _texts : new string?[cells.Length / stride];
            Array.Copy(_texts, _head, texts, 0, Count);
            if (ReferenceEquals(texts, _texts))
                Array.Clear(texts, Count, _head);
            _texts = texts;
        }

        _cells = cells;
        _head = 0;
    }

    private void Shift(int at)
    {
        int stride = _hasBits ? 2 : 1;
        int from = (_head + at) * stride;
        Array.Copy(_cells, from, _cells, from + stride, (Count - at) * stride);
        if (_texts is not null)
            Array.Copy(_texts, _head + at, _texts, _head + at + 1, Count - at);
    }

    public override long Touch() => _cells[0] + (_texts?.Length ?? 0);

    public override void Encode(StateWriter writer)
    {
        writer.WriteByte((byte)((_hasBits ? 1 : 0) | (_texts is not null ? 2 : 0) | (IsTruncated ? 4 : 0)));
        writer.WriteUnsigned((ulong)Count);
        long previous = 0;
        for (int i = 0; i < Count; i++)
        {
            writer.WriteSigned(TimeMs(i) - previous);
            previous = TimeMs(i);
            if (_hasBits)
                writer.WriteBits(Bits(i));
            if (_texts is not null)
                writer.WriteText(Text(i));
        }
    }

    public static EntryLog Read(ref StateReader reader)
    {
        byte flags = reader.ReadByte();
        int count = reader.ReadCount();
        var log = new EntryLog((flags & 1) != 0, (flags & 2) != 0, Math.Max(1, count)) { IsTruncated = (flags & 4) != 0 };
        long time = 0;
        for (int i = 0; i < count; i++)
        {
            time += reader.ReadSigned();
            long bits = log._hasBits ? reader.ReadBits() : 0;
            log.Add(new Entry(time, bits, log._texts is null ? null : reader.ReadText()));
        }

        return log;
    }
}
