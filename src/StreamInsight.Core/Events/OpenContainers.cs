namespace StreamInsight.Events;

/// <summary>The objects and arrays open at one place of a JSON text, one bit each. Up to 64 take no memory.</summary>
internal struct OpenContainers(int limit)
{
    private ulong _objects;
    private int _count;
    private Stack<ulong>? _outer;

    /// <summary>Whether the innermost one is an object.</summary>
    public readonly bool InObject => (_objects & 1) != 0;

    /// <summary>What closes the innermost one.</summary>
    public readonly byte Closing => InObject ? (byte)'}' : (byte)']';

    /// <summary>False = that would be deeper than the limit.</summary>
    public bool TryPush(bool isObject)
    {
        if (_count == limit)
            return false;
        if (_count > 0 && _count % 64 == 0)
            (_outer ??= new Stack<ulong>()).Push(_objects);
        _objects = (_objects << 1) | (isObject ? 1u : 0u);
        _count++;
        return true;
    }

    /// <summary>Closes the innermost one; false = none is open any more.</summary>
    public bool Pop()
    {
        _count--;
        if (_count > 0 && _count % 64 == 0)
            _objects = _outer!.Pop();
        else
            _objects >>= 1;
        return _count > 0;
    }
}
