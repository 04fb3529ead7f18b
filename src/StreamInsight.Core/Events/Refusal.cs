namespace StreamInsight.Events;

/// <summary>Why a record cannot be used; the first that applies, in this order. <c>default</c> = it can be used.</summary>
public enum Refusal : byte
{
    None,
    TooLarge,
    TooDeep,
    NotJson,
    NoType,
    NoEventName,
    NoIdentity,
    BadTimestamp,
    BadProperty,
    Future,
    Erased,
    Late,
    Duplicate,

    /// <summary>Live only: the customer's state cannot be read, so that the record waits in dead letters until it can be put back.</summary>
    Stopped,

    /// <summary>An outcome of a decision that its customer never had.</summary>
    UnknownDecision,
}
