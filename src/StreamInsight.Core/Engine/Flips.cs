namespace StreamInsight.Engine;

/// <summary>
/// When the decisions of a customer must be looked at again if nothing else happens: the instants at which one of them could turn. Only decisions that have such an
/// instant are listed, in order of their numbers. The least is the customer's one timer; it is kept, so that what has no instant to come costs nothing.
/// </summary>
public struct Flips
{
    private (int Decision, long DueMs)[]? _items;
    private int _count;
    private long _nextMs;
    private bool _isStale;   // the least is gone: it is looked for when asked

    /// <summary>The earliest; <see cref="long.MaxValue"/> = none.</summary>
    public long NextMs
    {
        get
        {
            if (_items is null)
                return long.MaxValue;
            if (_isStale)
                (_nextMs, _isStale) = (Least(), false);
            return _nextMs;
        }
    }

    /// <summary>Sets or, for <see cref="long.MaxValue"/>, removes the instant of one decision.</summary>
    public void Set(int decision, long dueMs)
    {
        int at = IndexOf(decision);
        bool isListed = at < _count && _items![at].Decision == decision;
        if (!isListed && dueMs == long.MaxValue)
            return;
        long wasMs = isListed ? _items![at].DueMs : long.MaxValue;
        if (dueMs == long.MaxValue)
            Array.Copy(_items!, at + 1, _items!, at, --_count - at);
        else
            Put(at, isListed, (decision, dueMs));
        if (dueMs <= _nextMs)
            _nextMs = dueMs;
        else
            _isStale |= wasMs == _nextMs;
    }

    /// <summary>Marks every decision due at <paramref name="nowMs"/> or before as unsettled.</summary>
    public void Unsettle(long nowMs, ref BitRow settled)
    {
        if (NextMs > nowMs)
            return;
        for (int i = 0; i < _count; i++)
            if (_items![i].DueMs <= nowMs)
                settled.Clear(_items[i].Decision);
    }

    private readonly long Least()
    {
        long least = long.MaxValue;
        foreach ((_, long dueMs) in _items.AsSpan(0, _count))
            least = Math.Min(least, dueMs);
        return least;
    }

    private readonly int IndexOf(int decision)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_items![middle].Decision < decision)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Put(int at, bool isListed, (int Decision, long DueMs) item)
    {
        if (_items is null)
            (_items, _nextMs) = (new (int, long)[2], long.MaxValue);
        if (!isListed)
        {
            if (_count == _items.Length)
                Array.Resize(ref _items, _count * 2);
            Array.Copy(_items, at, _items, at + 1, _count++ - at);
        }

        _items[at] = item;
    }
}
