using StreamInsight.Events;
using StreamInsight.Identity;

namespace StreamInsight.Pipeline.Replay;

/// <summary>
/// Finds, in order of the log, whose each message is. Links need every message before them applied (whether an id is known depends on it, and a merge touches two
/// customers), so <paramref name="settle"/> is called first; links that exist already, by far the most, need nothing.
/// </summary>
internal sealed class ReplayRouter(IdentityMap ids, CustomerTable customers, Action settle, Action<int, int, long> merge, ReplaySummary summary)
{
    private const long JumpMs = 24 * 3_600_000L;

    /// <summary>Ids that are fetched together before they are found.</summary>
    private const int TouchAhead = 16;

    private long _greatestMs = long.MinValue;
    private long _touched;

    /// <summary>The greatest record time so far; null = no record had one.</summary>
    public long? GreatestMs => _greatestMs == long.MinValue ? null : _greatestMs;

    /// <summary>Sets the slots of one message.</summary>
    public void Route(ReplayBlock block, int index)
    {
        if (index % TouchAhead == 0)
            for (int ahead = index; ahead < Math.Min(index + TouchAhead, block.Count); ahead++)
                _touched += ids.Touch(IdOf(block.Events[ahead]));
        CustomerEvent message = block.Events[index];
        summary.Events++;
        block.Slots[index] = (ReplayBlock.Nobody, ReplayBlock.Nobody);
        if (!message.IsDecoded)
            return;

        if (_greatestMs != long.MinValue && message.RecordTimeMs - _greatestMs > JumpMs)
            summary.RecordTimeJumps++;
        _greatestMs = Math.Max(_greatestMs, message.RecordTimeMs);

        if (block.Schema.IsOfQueue(message))
        {
            if (message.Refusal != Refusal.None)
                return;
            block.Slots[index] = (ReplayBlock.Everybody, ReplayBlock.Everybody);
            summary.Accepted++;
            return;
        }

        ReadOnlySpan<byte> id = IdOf(message);
        int slot = message.Refusal == Refusal.None ? ids.GetOrAdd(id) : ids.Find(id);
        if (slot < 0)
            return;
        if (message.Refusal == Refusal.None)
            Link(message, slot);
        customers.Reserve(ids.Count);
        block.Slots[index] = (slot, ids.Root(slot));
    }

    private static ReadOnlySpan<byte> IdOf(CustomerEvent message) => message.UserId.IsEmpty ? message.AnonymousId.Span : message.UserId.Span;

    private void Link(CustomerEvent message, int slot)
    {
        bool isAlias = message.Type == MessageType.Alias;
        ReadOnlyMemory<byte> other = isAlias ? message.PreviousId : message.Type == MessageType.Identify ? message.AnonymousId : default;
        if (other.IsEmpty || message.UserId.IsEmpty)
            return;

        int from = ids.GetOrAdd(other.Span);
        customers.Reserve(ids.Count);
        if (ids.Root(from) != ids.Root(slot))
            settle();
        switch (ids.Link(from, slot, isAlias, out int ended))
        {
            case LinkOutcome.RefusedMerge:
                summary.MergeRefused++;
                break;
            case LinkOutcome.RefusedLimit:
                summary.IdentityLimitRefused++;
                break;
            case LinkOutcome.Linked:
                merge(ended, ids.Root(slot), message.RecordTimeMs);
                break;
        }
    }
}
