namespace StreamInsight.Identity;

/// <summary>What became of a link from one id to another.</summary>
public enum LinkOutcome : byte
{
    /// <summary>It exists already; nothing was done.</summary>
    Exists,

    /// <summary>The first id's root is an alias of the second's root now. If it has state, that is to be merged.</summary>
    Linked,

    /// <summary>Refused: a circle, or an <c>identify</c> for an id that is known.</summary>
    RefusedMerge,

    /// <summary>Refused: the customer would have more ids than allowed.</summary>
    RefusedLimit,
}
