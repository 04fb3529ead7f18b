using StreamInsight.State;

namespace StreamInsight.Engine;

/// <summary>
/// The messageIds a customer accepted lately, first in, first out, each with the customer's clock then. An id is kept as a 128-bit hash.
/// An entry is let go once it is older than the window or more than the maximum came after it.
/// </summary>
public sealed class RecentMessages
{
    private Item[] _items = new Item[1];
    private int _head;
    private int _count;

    /// <summary>See <see cref="CustomerEngine.Touch(CustomerState)"/>.</summary>
    public long Touch() => _items[0].ClockMs;

    public bool Contains(UInt128 hash, long clockMs, long windowMs)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            ref readonly Item item = ref _items[_head + i];
            if (clockMs - item.ClockMs >= windowMs)
                return false;
            if (item.Low == (ulong)hash && item.High == (ulong)(hash >> 64))
                return true;
        }

        return false;
    }

    public void Add(UInt128 hash, long clockMs, long windowMs, int max)
    {
        while (_count > 0 && clockMs - _items[_head].ClockMs >= windowMs)
            Drop();
        if (_head + _count == _items.Length)
            MakeRoom(max);
        _items[_head + _count++] = new Item((ulong)(hash >> 64), (ulong)hash, clockMs);
        while (_count > max)
            Drop();
    }

    /// <summary>Both sides' ids in order of their clocks, this side's first on ties; the newest <paramref name="max"/> stay.</summary>
    public static RecentMessages? Unite(RecentMessages? mine, RecentMessages? theirs, int max)
    {
        if (mine is null || theirs is null)
            return mine ?? theirs;
        Item[] items = [.. mine._items.AsSpan(mine._head, mine._count), .. theirs._items.AsSpan(theirs._head, theirs._count)];
        Item[] ordered = [.. items.OrderBy(item => item.ClockMs)];
        int skipped = Math.Max(0, ordered.Length - max);
        return new RecentMessages { _items = ordered.Length == 0 ? new Item[1] : ordered, _head = skipped, _count = ordered.Length - skipped };
    }

    private void Drop()
    {
        _head++;
        if (--_count == 0)
            _head = 0;
    }

    private void MakeRoom(int max)
    {
        Item[] items = _head * 2 >= _items.Length && _head > 0 ? _items : new Item[Math.Min(_items.Length * 2, (max * 2) + 2)];
        Array.Copy(_items, _head, items, 0, _count);
        _items = items;
        _head = 0;
    }

    public void Encode(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)_count);
        for (int i = _head; i < _head + _count; i++)
        {
            writer.WriteBits((long)_items[i].High);
            writer.WriteBits((long)_items[i].Low);
            writer.WriteSigned(_items[i].ClockMs);
        }
    }

    public static RecentMessages? Read(ref StateReader reader)
    {
        int count = reader.ReadCount();
        if (count == 0)
            return null;
        var recent = new RecentMessages { _items = new Item[count], _count = count };
        for (int i = 0; i < count; i++)
            recent._items[i] = new Item((ulong)reader.ReadBits(), (ulong)reader.ReadBits(), reader.ReadSigned());
        return recent;
    }

    private readonly record struct Item(ulong High, ulong Low, long ClockMs);
}
