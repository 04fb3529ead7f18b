using StreamInsight.Events;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>"It is yours": the claimed customer has ended in its partition, and what it was comes with this.</summary>
/// <param name="Position">Of the message that links.</param>
/// <param name="Ended">The id that was a root and is an alias of the claimant now.</param>
/// <param name="Aliases">Ids that lead to <paramref name="Ended"/>, itself not among them.</param>
/// <param name="State">Encoded; empty = nothing was known of the id but its name.</param>
public sealed record MergeGrant(string Customer, SourcePosition Position, string Ended, IReadOnlyList<string> Aliases, ReadOnlyMemory<byte> State) : Parcel(Customer);
