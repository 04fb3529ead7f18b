using StreamInsight.Decisions;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>What a host changed since the last time it was asked: everything its part of a checkpoint has to store.</summary>
public sealed class HostChanges
{
    /// <summary>Customers that are new or changed.</summary>
    public List<CustomerRow> Customers { get; } = [];

    /// <summary>Customers that ended.</summary>
    public List<string> RemovedCustomers { get; } = [];

    /// <summary>Ids that are new or changed.</summary>
    public List<IdRow> Ids { get; } = [];

    /// <summary>Ids to forget.</summary>
    public List<string> RemovedIds { get; } = [];

    /// <summary>Customers whose state cannot be read: to be set aside. They are among <see cref="RemovedCustomers"/> too.</summary>
    public List<QuarantinedCustomer> Quarantined { get; } = [];

    /// <summary>Customers that could be read again: no longer set aside. They are among <see cref="Customers"/>.</summary>
    public List<string> Released { get; } = [];

    /// <summary>Ids that were erased.</summary>
    public List<Tombstone> Tombstones { get; } = [];

    /// <summary>Counters to keep over a restart, by name, as absolute values (<c>merge_refused</c>, …).</summary>
    public Dictionary<string, long> Counters { get; } = [];

    /// <summary>Customers who were told a phone number or an address to be found by; nothing to store, and no fact need say it.</summary>
    public List<string> NewLookups { get; } = [];

    /// <summary>Decisions that were asked for, to be kept and answered.</summary>
    public List<DecisionRecord> Decisions { get; } = [];

    /// <summary>Erasures that another partition told of: no order of this one's.</summary>
    public List<Erasure> Erasures { get; } = [];

    /// <summary>Messages that wait for a merge from now on.</summary>
    public List<HeldMessage> Held { get; } = [];

    /// <summary>Messages that wait no longer, by number.</summary>
    public List<long> Unheld { get; } = [];

    /// <summary>Messages for other partitions, numbered.</summary>
    public List<Handover> Handovers { get; } = [];

    /// <summary>What all customers share (learned scores, queue states), encoded; null = it has not changed.</summary>
    public byte[]? Shared { get; set; }

    public bool IsEmpty =>
        Customers.Count == 0 && RemovedCustomers.Count == 0 && Ids.Count == 0 && RemovedIds.Count == 0 && Tombstones.Count == 0 && Quarantined.Count == 0 && Released.Count == 0
        && Counters.Count == 0 && Decisions.Count == 0 && Erasures.Count == 0 && Handovers.Count == 0 && Held.Count == 0 && Unheld.Count == 0 && Shared is null;

    public void Clear()
    {
        Customers.Clear();
        RemovedCustomers.Clear();
        Ids.Clear();
        RemovedIds.Clear();
        Tombstones.Clear();
        Quarantined.Clear();
        Released.Clear();
        Counters.Clear();
        Decisions.Clear();
        Erasures.Clear();
        Handovers.Clear();
        Held.Clear();
        Unheld.Clear();
        Shared = null;
        NewLookups.Clear();
    }
}
