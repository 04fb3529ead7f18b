namespace StreamInsight.Decisions;

/// <summary>What an event means to decisions; known by its name in messages.</summary>
public enum EventRole : byte
{
    None,

    /// <summary><c>Action Shown</c>: the customer saw it; commits a reservation.</summary>
    Shown,

    /// <summary><c>Action Sent</c>: it was sent; commits a reservation.</summary>
    Sent,

    /// <summary><c>Offer Accepted</c>.</summary>
    Accepted,

    /// <summary><c>Offer Declined</c>.</summary>
    Declined,

    /// <summary><c>Decision Requested</c>: rank now for one channel, and reserve. No interaction: no feature sees it.</summary>
    DecisionRequested,

    /// <summary><c>Queue Updated</c>: how a queue stands. It belongs to no customer.</summary>
    QueueUpdated,
}
