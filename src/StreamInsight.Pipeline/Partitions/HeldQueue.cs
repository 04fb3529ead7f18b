namespace StreamInsight.Pipeline.Partitions;

/// <summary>What waits for one customer's merge, in order. The first is the message that links; its claim is on its way.</summary>
internal sealed class HeldQueue
{
    private readonly LinkedList<(long Number, Parcel Parcel)> _items = [];

    public int Count => _items.Count;

    /// <summary>The message that links.</summary>
    public (long Number, EventParcel Message) First => (_items.First!.Value.Number, (EventParcel)_items.First.Value.Parcel);

    /// <summary>The first claim in it; null = there is none. It stays.</summary>
    public MergeClaim? FirstClaim => _items.Select(item => item.Parcel).OfType<MergeClaim>().FirstOrDefault();

    /// <summary>Whether it was the last to come.</summary>
    public bool EndsWith(long number) => _items.Last?.Value.Number == number;

    public void Add(long number, Parcel parcel) => _items.AddLast((number, parcel));

    public (long Number, Parcel Parcel) Take()
    {
        (long, Parcel) first = _items.First!.Value;
        _items.RemoveFirst();
        return first;
    }
}
