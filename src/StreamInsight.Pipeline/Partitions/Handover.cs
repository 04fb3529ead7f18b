namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// A message from one partition of customers to another: an event of a customer who lives there, or a step of a merge. Stored with the commit that causes it and delivered in
/// order of its number, at least once; the receiver passes over numbers it has seen.
/// </summary>
/// <param name="Number">1, 2, 3 … of the sending partition.</param>
/// <param name="To">The receiving partition.</param>
/// <param name="Body">As <see cref="HandoverCodec"/> writes it; tells the sender and the number too.</param>
public sealed record Handover(long Number, int To, ReadOnlyMemory<byte> Body);
