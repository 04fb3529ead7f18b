namespace StreamInsight.Engine;

/// <summary>
/// When the decisions of a customer (its journey, each of its segments) must be looked at again if nothing else happens: the instants at which one of them could turn. Only
/// decisions that have such an instant are listed. The least is the customer's one timer.
/// </summary>
public struct Flips
{
    private (int Decision, long DueMs)[]? _items;
    private int _count;

    /// <summary>The earliest; <see cref="long.MaxValue"/> = none.</summary>
    public readonly long NextMs
    {
        get
        {
            long next = long.MaxValue;
            for (int i = 0; i < _count; i++)
                next = Math.Min(next, _items![i].DueMs);
            return next;
        }
    }

    /// <summary>Sets or, for <see cref="long.MaxValue"/>, removes the instant of one decision.</summary>
    public void Set(int decision, long dueMs)
    {
        int at = 0;
        while (at < _count && _items![at].Decision != decision)
            at++;
        if (dueMs == long.MaxValue)
        {
            if (at < _count)
                _items![at] = _items[--_count];
            return;
        }

        if (at == _count)
        {
            if (_items is null)
                _items = new (int, long)[2];
            else if (_count == _items.Length)
                Array.Resize(ref _items, _count * 2);
            _count++;
        }

        _items![at] = (decision, dueMs);
    }

    /// <summary>Marks every decision due at <paramref name="nowMs"/> or before as unsettled.</summary>
    public readonly void Unsettle(long nowMs, ref BitRow settled)
    {
        for (int i = 0; i < _count; i++)
            if (_items![i].DueMs <= nowMs)
                settled.Clear(_items[i].Decision);
    }
}
