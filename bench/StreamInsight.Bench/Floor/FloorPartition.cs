using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace StreamInsight.Bench.Floor;

/// <summary>The customers of one thread: open addressing over ids, states side by side.</summary>
internal sealed unsafe class FloorPartition
{
    /// <summary>How many events ahead a customer is fetched.</summary>
    private const int Ahead = 8;

    private ulong[] _ids = new ulong[1 << 18];
    private int[] _slots = new int[1 << 18];
    private FloorCustomer[] _customers = GC.AllocateArray<FloorCustomer>(1 << 16, pinned: true);

    public int Count { get; private set; }

    public int Entered { get; private set; }

    public int Left { get; private set; }

    public ref FloorCustomer this[int slot] => ref _customers[slot];

    public static ulong Hash(ulong id)
    {
        id *= 0x9E3779B97F4A7C15;
        return id ^ (id >> 32);
    }

    /// <summary>Applies events in order, fetching the customers of later ones meanwhile.</summary>
    public void Apply(List<FloorEvent> events)
    {
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(events);
        Span<int> coming = stackalloc int[Ahead];
        for (int i = 0; i < all.Length + Ahead; i++)
        {
            int done = i - Ahead;
            if (done >= 0)
            {
                int change = _customers[coming[done % Ahead]].Apply(in all[done]);
                if (change > 0)
                    Entered++;
                else if (change < 0)
                    Left++;
            }

            if (i < all.Length)
            {
                int slot = SlotOf(all[i].Customer);
                coming[i % Ahead] = slot;
                Fetch(slot);
            }
        }
    }

    private void Fetch(int slot)
    {
        if (!Sse.IsSupported)
            return;
        byte* at = (byte*)Unsafe.AsPointer(ref _customers[slot]);
        for (int line = 0; line < sizeof(FloorCustomer); line += 64)
            Sse.Prefetch0(at + line);
    }

    private int SlotOf(ulong id)
    {
        int mask = _ids.Length - 1;
        for (int at = (int)Hash(id) & mask; ; at = (at + 1) & mask)
        {
            if (_ids[at] == id)
                return _slots[at];
            if (_ids[at] == 0)
                return Add(id, at);
        }
    }

    private int Add(ulong id, int at)
    {
        if (Count * 2 > _ids.Length)
        {
            Rehash();
            int mask = _ids.Length - 1;
            for (at = (int)Hash(id) & mask; _ids[at] != 0; at = (at + 1) & mask)
            {
            }
        }

        if (Count == _customers.Length)
        {
            var larger = GC.AllocateArray<FloorCustomer>(Count * 2, pinned: true);
            _customers.CopyTo(larger, 0);
            _customers = larger;
        }

        _ids[at] = id;
        _slots[at] = Count;
        return Count++;
    }

    private void Rehash()
    {
        var (ids, slots) = (_ids, _slots);
        _ids = new ulong[ids.Length * 2];
        _slots = new int[ids.Length * 2];
        int mask = _ids.Length - 1;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0)
                continue;
            int at = (int)Hash(ids[i]) & mask;
            while (_ids[at] != 0)
                at = (at + 1) & mask;
            _ids[at] = ids[i];
            _slots[at] = slots[i];
        }
    }
}
