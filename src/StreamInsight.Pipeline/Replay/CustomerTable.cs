namespace StreamInsight.Pipeline.Replay;

/// <summary>Customers by slot, in pages that never move: each customer is touched by the one thread that owns its slot, while others add slots.</summary>
internal sealed class CustomerTable
{
    private const int PageBits = 12, PageSize = 1 << PageBits;

    private CustomerState?[][] _pages = [];

    /// <summary>Makes room for slots below <paramref name="count"/>. Called by one thread only.</summary>
    public void Reserve(int count)
    {
        while (_pages.Length << PageBits < count)
            _pages = [.. _pages, new CustomerState?[PageSize]];
    }

    public ref CustomerState? this[int slot] => ref Volatile.Read(ref _pages)[slot >> PageBits][slot & (PageSize - 1)];

    public IEnumerable<CustomerState> All(int part, int of)
    {
        for (int slot = part; slot < _pages.Length << PageBits; slot += of)
            if (this[slot] is { } customer)
                yield return customer;
    }
}
