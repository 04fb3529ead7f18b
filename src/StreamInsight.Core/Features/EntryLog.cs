using System.Runtime.CompilerServices;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// The entries of one feature of one customer in order of (time, arrival), as they stand in its <see cref="CustomerMemory"/>. Values are kept only if the feature has any.
/// </summary>
public readonly ref struct EntryLog
{
    public const byte StateTag = 1;

    private readonly ReadOnlySpan<long> _cells;
    private readonly ReadOnlySpan<string?> _texts;
    private readonly Span<long> _sum;
    private readonly int _width;

    internal EntryLog(ReadOnlySpan<long> cells, int width, ReadOnlySpan<string?> texts, Span<long> sum, bool isTruncated)
    {
        _cells = cells;
        _texts = texts;
        _sum = sum;
        _width = width;
        Count = width == 1 ? cells.Length : cells.Length / width;
        IsTruncated = isTruncated;
    }

    public int Count { get; }

    /// <summary>True once an entry that belonged was let go to keep within bounds.</summary>
    public bool IsTruncated { get; }

    /// <summary>A sum of the feature's doubles runs along, since the next read mostly continues it.</summary>
    public bool HasSum => !_sum.IsEmpty;

    public ref RunningSum Sum => ref Unsafe.As<long, RunningSum>(ref _sum[0]);

    public long TimeMs(int index) => _cells[index * _width];

    public long Bits(int index) => _width > 1 ? _cells[(index * _width) + 1] : 0;

    public string? Text(int index) => _texts.IsEmpty ? null : _texts[index];

    public Entry this[int index] => new(TimeMs(index), Bits(index), Text(index));

    /// <summary>The first entry later than <paramref name="timeMs"/>. Few have left since the last time it was asked, so the search goes from the front in growing steps.</summary>
    public int FirstAfter(long timeMs)
    {
        int low = 0, step = 1;
        while (low + step <= Count && TimeMs(low + step - 1) <= timeMs)
        {
            low += step;
            step *= 2;
        }

        int high = Math.Min(Count, low + step - 1);
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

    /// <summary>Adds the doubles of the entries [from, to) to a total, one after the other.</summary>
    internal void AddDoubles(ref double total, int from, int to)
    {
        double sum = total;
        ReadOnlySpan<long> cells = _cells[(from * _width)..(to * _width)];
        for (int i = 1; i < cells.Length; i += 2)
            sum += BitConverter.Int64BitsToDouble(cells[i]);
        total = sum;
    }

    internal void Encode(MemoryRegion region, StateWriter writer)
    {
        writer.WriteByte(Flags(region.Width > 1, region.HasTexts, IsTruncated));
        writer.WriteUnsigned((ulong)Count);
        long previous = 0;
        for (int i = 0; i < Count; i++)
        {
            writer.WriteSigned(TimeMs(i) - previous);
            previous = TimeMs(i);
            if (region.Width > 1)
                writer.WriteBits(Bits(i));
            if (region.HasTexts)
                writer.WriteText(Text(i));
        }
    }

    internal static void Decode(ref CustomerMemory memory, MemoryRegion region, ref StateReader reader)
    {
        byte flags = reader.ReadByte();
        if ((flags & ~4) != Flags(region.Width > 1, region.HasTexts, false))
            throw new InvalidDataException("State: the entries of a feature are not of the kind that the model says.");
        int count = reader.ReadCount();
        memory.Reserve(region, count);
        long time = 0;
        for (int i = 0; i < count; i++)
        {
            time += reader.ReadSigned();
            long bits = region.Width > 1 ? reader.ReadBits() : 0;
            memory.Add(region, new Entry(time, bits, region.HasTexts ? reader.ReadText() : null));
        }

        memory.SetTruncated(region, (flags & 4) != 0);
    }

    private static byte Flags(bool hasBits, bool hasTexts, bool isTruncated) => (byte)((hasBits ? 1 : 0) | (hasTexts ? 2 : 0) | (isTruncated ? 4 : 0));
}
