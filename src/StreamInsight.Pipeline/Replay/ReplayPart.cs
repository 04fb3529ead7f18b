using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Identity;

namespace StreamInsight.Pipeline.Replay;

/// <summary>The customers of one thread of a replay: applies their messages in order, keeps their facts and counts.</summary>
internal sealed class ReplayPart(CompiledModel model, IdentityMap ids, CustomerTable customers, string? directory) : IDisposable
{
    /// <summary>Customers whose memory is fetched together before they are applied.</summary>
    private const int TouchAhead = 16;

    private readonly List<Fact> _facts = [];
    private long _touched;

    public CustomerEngine Engine { get; } = new(model);

    public FactRuns Runs { get; } = new(directory);

    public long Accepted { get; private set; }

    public long[] FactCounts { get; } = new long[Enum.GetValues<FactKind>().Length];

    public Dictionary<string, (long Entered, long Left)> SegmentCounts { get; } = [];

    /// <summary>Applies messages of the block, by their numbers in <paramref name="order"/>; what refuses one is noted there.</summary>
    public void Apply(ReplayBlock block, ReadOnlySpan<int> order)
    {
        while (!order.IsEmpty)
        {
            ReadOnlySpan<int> some = order[..Math.Min(TouchAhead, order.Length)];
            foreach (int index in some)
                if (block.Slots[index].Root >= 0 && customers[block.Slots[index].Root] is { } customer)
                    _touched += customer.NextTimerMs;
            foreach (int index in some)
                if (block.Slots[index].Root >= 0 && customers[block.Slots[index].Root] is { } customer)
                    _touched += CustomerEngine.Touch(customer);
            foreach (int index in some)
                Apply(block, index);
            order = order[some.Length..];
        }
    }

    private void Apply(ReplayBlock block, int index)
    {
        CustomerEvent message = block.Events[index];
        (int id, int root) = block.Slots[index];
        if (root == ReplayBlock.Everybody)
        {
            Engine.ApplyQueue(message);
            return;
        }

        ref CustomerState? seat = ref customers[root];
        if (seat is null && message.Refusal != Refusal.None)
            return;

        CustomerState customer = seat ?? Engine.Create(ids.Name(root), message.RecordTimeMs);
        message.Refusal = Engine.Apply(customer, message, block.PositionOf(index), _facts);
        if (message.Refusal == Refusal.None)
        {
            seat = customer;
            Accepted++;
            if (!message.UserId.IsEmpty)
                ids.MarkKnown(id);
        }

        if (_facts.Count > 0)
            TakeFacts();
    }

    /// <summary>Ends one customer in another; both are this thread's alone at this moment.</summary>
    public void Merge(int ended, int into, long recordTimeMs)
    {
        if (customers[ended] is not { } from)
            return;
        customers[into] = Engine.Merge(from, customers[into], ids.Name(into), recordTimeMs, _facts);
        customers[ended] = null;
        TakeFacts();
    }

    public void Advance(CustomerState customer, long untilMs)
    {
        Engine.Advance(customer, untilMs, _facts);
        if (_facts.Count > 0)
            TakeFacts();
    }

    public void Dispose() => Runs.Dispose();

    private void TakeFacts()
    {
        foreach (Fact fact in _facts)
        {
            FactCounts[(int)fact.Kind]++;
            if (fact.Kind is not (FactKind.SegmentEntered or FactKind.SegmentLeft))
                continue;
            (long entered, long left) = SegmentCounts.GetValueOrDefault(fact.Subject!);
            SegmentCounts[fact.Subject!] = fact.Kind == FactKind.SegmentEntered ? (entered + 1, left) : (entered, left + 1);
        }

        Runs.Add(_facts);
        _facts.Clear();
    }
}
