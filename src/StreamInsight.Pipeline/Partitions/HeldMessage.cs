namespace StreamInsight.Pipeline.Partitions;

/// <summary>A message that its customer has not applied yet, because it waits for a merge with a customer of another partition.</summary>
/// <param name="Number">1, 2, 3 … of its partition; a customer's messages are applied in this order.</param>
/// <param name="Body">As <see cref="HandoverCodec"/> writes it.</param>
public sealed record HeldMessage(long Number, ReadOnlyMemory<byte> Body);
