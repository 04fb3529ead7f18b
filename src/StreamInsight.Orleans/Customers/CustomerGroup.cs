using StreamInsight.Orleans.Wire;

namespace StreamInsight.Orleans.Customers;

/// <summary>The messages of one customer in a run. Reused.</summary>
internal sealed class CustomerGroup
{
    public int Root;

    /// <summary>Places in the run.</summary>
    public List<int> Picks { get; } = [];

    /// <summary>By message: the slot of the id it came under.</summary>
    public List<int> Slots { get; } = [];

    public Task<CustomerAnswer>? Call;

    public void Add(int pick, int slot)
    {
        Picks.Add(pick);
        Slots.Add(slot);
    }

    public void Clear()
    {
        Picks.Clear();
        Slots.Clear();
        Call = null;
    }
}
