using StreamInsight.Events;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>The answer to a claim when nothing is merged.</summary>
/// <param name="Position">Of the message that links.</param>
public sealed record MergeRefusal(string Customer, SourcePosition Position, MergeRefusalReason Reason) : Parcel(Customer);
