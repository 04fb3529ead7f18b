using System.Numerics;

namespace StreamInsight.Engine;

/// <summary>A row of bits, all clear in <c>default</c>; up to 64 without an allocation.</summary>
public struct BitRow
{
    private ulong _first;
    private ulong[]? _rest;

    public readonly bool this[int bit] => (Word(bit >> 6) >> (bit & 63) & 1) != 0;

    public readonly bool IsEmpty
    {
        get
        {
            if (_first != 0)
                return false;
            foreach (ulong word in _rest.AsSpan())
                if (word != 0)
                    return false;
            return true;
        }
    }

    public void Set(int bit)
    {
        if (bit < 64)
        {
            _first |= 1UL << bit;
            return;
        }

        int word = (bit >> 6) - 1;
        if (_rest is null || word >= _rest.Length)
            Array.Resize(ref _rest, word + 1);
        _rest[word] |= 1UL << (bit & 63);
    }

    public void Clear(int bit)
    {
        if (bit < 64)
            _first &= ~(1UL << bit);
        else if (_rest is not null && (bit >> 6) - 1 < _rest.Length)
            _rest[(bit >> 6) - 1] &= ~(1UL << (bit & 63));
    }

    public void ClearAll()
    {
        _first = 0;
        _rest.AsSpan().Clear();
    }

    /// <summary>Clears every bit that is set in <paramref name="other"/>.</summary>
    public void Except(in BitRow other)
    {
        _first &= ~other._first;
        int shared = Math.Min(_rest?.Length ?? 0, other._rest?.Length ?? 0);
        for (int i = 0; i < shared; i++)
            _rest![i] &= ~other._rest![i];
    }

    public void Union(in BitRow other)
    {
        _first |= other._first;
        if (other._rest is null)
            return;
        if ((_rest?.Length ?? 0) < other._rest.Length)
            Array.Resize(ref _rest, other._rest.Length);
        for (int i = 0; i < other._rest.Length; i++)
            _rest![i] |= other._rest[i];
    }

    /// <summary>The first clear bit at or after <paramref name="from"/> and below <paramref name="end"/>; <paramref name="end"/> if none.</summary>
    public readonly int NextClear(int from, int end)
    {
        while (from < end)
        {
            ulong clear = ~Word(from >> 6) >> (from & 63);
            if (clear != 0)
                return Math.Min(end, from + BitOperations.TrailingZeroCount(clear));
            from = (from | 63) + 1;
        }

        return end;
    }

    private readonly ulong Word(int index) => index == 0 ? _first : _rest is not null && index <= _rest.Length ? _rest[index - 1] : 0;
}
