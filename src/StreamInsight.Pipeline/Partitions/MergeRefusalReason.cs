namespace StreamInsight.Pipeline.Partitions;

/// <summary>Why nothing is merged.</summary>
public enum MergeRefusalReason : byte
{
    /// <summary>The id belongs to the claimant already.</summary>
    Exists,

    /// <summary>The id is the claimant itself, or a known customer that an <c>identify</c> does not end.</summary>
    Merge,

    /// <summary>The customer would have more ids than allowed.</summary>
    Limit,

    /// <summary>The id was erased: nothing leads from it.</summary>
    Erased,

    /// <summary>The state of the id's customer cannot be read: the linking message is refused.</summary>
    Stopped,

    /// <summary>The id's customer waits for a merge itself, with an earlier message: ask again.</summary>
    Busy,
}
