using System.Text;

namespace StreamInsight.Pipeline;

/// <summary>
/// When customers are due, earliest first: those in memory by slot, and those only in the store, read a page at a time as their time comes near.
/// An instant may be taken although the customer has moved past it meanwhile; the caller looks.
/// </summary>
internal sealed class TimerQueue(IStateStore store)
{
    private const int PageSize = 1024;

    private readonly PriorityQueue<int, long> _queue = new();
    private readonly List<long> _queued = [];   // by slot: the earliest instant queued
    private StoredTimer? _readTo;
    private long _moreAtMs = long.MinValue;     // stored timers up to here are in the queue

    public delegate int SlotLookup(ReadOnlySpan<byte> id);

    /// <summary>The earliest; may be early, never late.</summary>
    public long NextMs => Math.Min(_moreAtMs, _queue.TryPeek(out _, out long dueMs) ? dueMs : long.MaxValue);

    public void Set(int slot, long dueMs)
    {
        while (_queued.Count <= slot)
            _queued.Add(long.MaxValue);
        if (dueMs >= _queued[slot])
            return;   // an earlier look is queued; it will see the new instant
        _queued[slot] = dueMs;
        _queue.Enqueue(slot, dueMs);
    }

    public bool TryTake(long untilMs, SlotLookup slotOf, out int slot)
    {
        while (_moreAtMs <= untilMs)
            ReadPage(slotOf);
        while (_queue.TryPeek(out slot, out long dueMs) && dueMs <= untilMs)
        {
            _queue.Dequeue();
            if (_queued[slot] != dueMs)
                continue;
            _queued[slot] = long.MaxValue;
            return true;
        }

        slot = -1;
        return false;
    }

    private void ReadPage(SlotLookup slotOf)
    {
        IReadOnlyList<StoredTimer> page = store.LoadTimers(_readTo, long.MaxValue - 1, PageSize);
        store.Prefetch([.. page.Select(timer => timer.Customer)]);
        foreach (StoredTimer timer in page)
            Set(slotOf(Encoding.UTF8.GetBytes(timer.Customer)), timer.DueMs);
        _readTo = page.Count > 0 ? page[^1] : _readTo;
        _moreAtMs = page.Count < PageSize ? long.MaxValue : page[^1].DueMs;
    }
}
