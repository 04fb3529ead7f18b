using StreamInsight.State;

namespace StreamInsight.Segments;

/// <summary>The segments a customer is in or waiting for, in order of segment. Most customers are in few of many, so this is a short list.</summary>
public struct Memberships
{
    private Membership[]? _items;
    private int _count;

    public readonly ReadOnlySpan<Membership> Items => _items.AsSpan(0, _count);

    public readonly Membership? Find(int segment)
    {
        foreach (ref readonly Membership item in Items)
            if (item.Segment >= segment)
                return item.Segment == segment ? item : null;
        return null;
    }

    public readonly bool IsMember(int segment) => Find(segment) is { IsMember: true };

    public void Set(Membership membership)
    {
        int at = IndexOf(membership.Segment);
        if (at < _count && _items![at].Segment == membership.Segment)
        {
            _items[at] = membership;
            return;
        }

        if (_items is null)
            _items = new Membership[2];
        else if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        Array.Copy(_items, at, _items, at + 1, _count - at);
        _items[at] = membership;
        _count++;
    }

    public void Remove(int segment)
    {
        int at = IndexOf(segment);
        if (at == _count || _items![at].Segment != segment)
            return;
        _count--;
        Array.Copy(_items, at + 1, _items, at, _count - at);
    }

    private readonly int IndexOf(int segment)
    {
        int at = 0;
        while (at < _count && _items![at].Segment < segment)
            at++;
        return at;
    }

    /// <summary>Membership of either side, and the earlier since; a side that is in counts before one that waits.</summary>
    public void Absorb(in Memberships other)
    {
        foreach (ref readonly Membership theirs in other.Items)
        {
            if (Find(theirs.Segment) is not { } mine)
                Set(theirs);
            else if (mine.IsMember == theirs.IsMember)
                Set(mine with { SinceMs = Math.Min(mine.SinceMs, theirs.SinceMs) });
            else if (theirs.IsMember)
                Set(theirs);
        }
    }

    public readonly void Encode(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)_count);
        foreach (ref readonly Membership item in Items)
        {
            writer.WriteUnsigned(((ulong)item.Segment << 1) | (item.IsMember ? 1u : 0u));
            writer.WriteSigned(item.SinceMs);
        }
    }

    public static Memberships Read(ref StateReader reader, int segments)
    {
        var memberships = default(Memberships);
        int count = reader.ReadCount();
        for (int i = 0; i < count; i++)
        {
            int packed = reader.ReadInt(segments * 2);
            memberships.Set(new Membership(packed >> 1, (packed & 1) != 0, reader.ReadSigned()));
        }

        return memberships;
    }
}
