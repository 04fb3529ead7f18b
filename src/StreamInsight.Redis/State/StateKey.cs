namespace StreamInsight.Redis.State;

/// <summary>What a partition keeps, each under a key of its own.</summary>
internal enum StateKey
{
    /// <summary>Hash: whose state this is, its writer and generation, the number of the last commit and the last numbers of facts, dead letters and handovers.</summary>
    Meta,

    /// <summary>Hash: id → stage and encoded state.</summary>
    Customers,

    /// <summary>Sorted set: customers with a timer by when it is due, epoch ms.</summary>
    Timers,

    /// <summary>Hash: id → what is remembered of it.</summary>
    Ids,

    /// <summary>Sorted set, all scores 0: (length of an id, the id, an id linked to it), to find the latter by the former.</summary>
    Links,

    /// <summary>Hash: source → offset.</summary>
    Positions,

    /// <summary>Hash: sink → last position taken.</summary>
    Cursors,

    /// <summary>Hash: name → count.</summary>
    Counters,

    /// <summary>String: what all customers share.</summary>
    Shared,

    /// <summary>List without gaps that ends with the fact numbered <c>facts</c> in meta; an erased one is empty.</summary>
    Facts,

    /// <summary>As facts, of dead letters.</summary>
    Dead,

    /// <summary>As facts, of messages to other partitions.</summary>
    Handovers,

    /// <summary>Hash: number → message that waits for a merge.</summary>
    Held,

    /// <summary>Hash: id → decision.</summary>
    Decisions,

    /// <summary>Sorted set: decisions by time, epoch ms.</summary>
    Decided,

    /// <summary>As links: (length of a customer's id, the id, the decision's id).</summary>
    DecisionsOf,

    /// <summary>Sorted set: digests of erased ids by when that is over, epoch ms.</summary>
    Tombstones,

    /// <summary>Hash: digest → erasure.</summary>
    Erasures,

    /// <summary>Set: digests of erasures that are not done everywhere.</summary>
    Pending,

    /// <summary>Sorted set: digests of erasures that are, by when they may be forgotten.</summary>
    Done,

    /// <summary>Hash: customer → why it was set aside, and its state.</summary>
    Quarantine,
}
