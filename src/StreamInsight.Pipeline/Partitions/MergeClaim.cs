using StreamInsight.Events;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// "A message of mine links this id to me: give me its customer." The claimant holds its messages until the answer comes, a <see cref="MergeGrant"/> or a <see cref="MergeRefusal"/>.
/// </summary>
/// <param name="By">The id of the claiming customer, a root.</param>
/// <param name="Position">Of the linking message; the answer carries it.</param>
/// <param name="RecordTimeMs">Of the linking message, UTC ms.</param>
/// <param name="IsAlias">The message is an <c>alias</c>; else an <c>identify</c>, which ends no known customer.</param>
/// <param name="Links">Ids that lead to the claimant, itself not counted.</param>
/// <param name="ClockMs">The claimant's clock, UTC ms; it stands still until the answer. <see cref="long.MinValue"/> = it has no state yet.</param>
public sealed record MergeClaim(string Customer, string By, SourcePosition Position, long RecordTimeMs, bool IsAlias, int Links, long ClockMs) : Parcel(Customer)
{
    /// <summary>Whether the linking message comes before another one in the merged order of the sources.</summary>
    public bool IsBefore(EventParcel other)
    {
        if (RecordTimeMs != other.RecordTimeMs)
            return RecordTimeMs < other.RecordTimeMs;
        int bySource = string.CompareOrdinal(Position.Source, other.Position.Source);
        return bySource != 0 ? bySource < 0 : other.Position.IsAfter(Position);
    }
}
