using StreamInsight.Features;
using StreamInsight.State;

namespace StreamInsight.Engine;

/// <summary>
/// The messageIds a customer accepted lately, first in, first out, each with the customer's clock then. An id is kept as a 128-bit hash.
/// An entry is let go once it is older than the window or more than the maximum came after it. Planned once a model; a customer's memory is passed in.
/// </summary>
/// <param name="max">0 = none is remembered.</param>
public sealed class RecentMessages(MemoryLayout layout, long windowMs, int max)
{
    // An entry: the clock, the hash's upper and its lower half.
    private const int Width = 3;

    private readonly MemoryRegion _region = layout.Add(Width);

    /// <summary>False if the id was accepted lately; otherwise remembers it.</summary>
    public bool Admit(ref CustomerMemory memory, ReadOnlySpan<byte> id, long clockMs)
    {
        if (id.IsEmpty || max == 0)
            return true;
        UInt128 hash = MessageHash.Of(id);
        long high = (long)(ulong)(hash >> 64), low = (long)(ulong)hash;
        Span<long> items = memory.Cells(_region);
        int at = items.Length - Width;
        for (; at >= 0 && clockMs - items[at] < windowMs; at -= Width)
            if (items[at + 2] == low && items[at + 1] == high)
                return false;

        // Clocks never go back, so that everything up to here is too old.
        int count = items.Length / Width;
        memory.DropFirst(_region, Math.Max((at + Width) / Width, count - max + 1));
        Append(ref memory, clockMs, high, low);
        return true;
    }

    /// <summary>Both sides' ids in order of their clocks, this side's first on ties; the newest stay.</summary>
    public void Merge(ref CustomerMemory into, ref CustomerMemory from)
    {
        (long ClockMs, long High, long Low)[] items = [.. Items(ref into).Concat(Items(ref from)).OrderBy(item => item.ClockMs)];
        into.DropFirst(_region, into.Cells(_region).Length / Width);
        foreach ((long clockMs, long high, long low) in items.TakeLast(max))
            Append(ref into, clockMs, high, low);
    }

    public void Encode(ref CustomerMemory memory, StateWriter writer)
    {
        Span<long> items = memory.Cells(_region);
        writer.WriteUnsigned((ulong)(items.Length / Width));
        for (int at = 0; at < items.Length; at += Width)
        {
            writer.WriteBits(items[at + 1]);
            writer.WriteBits(items[at + 2]);
            writer.WriteSigned(items[at]);
        }
    }

    public void Decode(ref CustomerMemory memory, ref StateReader reader)
    {
        int count = reader.ReadCount();
        if (count > 0)
            memory.Reserve(_region, count);
        for (int i = 0; i < count; i++)
        {
            long high = reader.ReadBits(), low = reader.ReadBits();
            Append(ref memory, reader.ReadSigned(), high, low);
        }
    }

    private List<(long ClockMs, long High, long Low)> Items(ref CustomerMemory memory)
    {
        Span<long> cells = memory.Cells(_region);
        var items = new List<(long, long, long)>(cells.Length / Width);
        for (int at = 0; at < cells.Length; at += Width)
            items.Add((cells[at], cells[at + 1], cells[at + 2]));
        return items;
    }

    private void Append(ref CustomerMemory memory, long clockMs, long high, long low)
    {
        Span<long> item = memory.Append(_region);
        (item[0], item[1], item[2]) = (clockMs, high, low);
    }
}
