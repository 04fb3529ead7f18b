using StreamInsight.Events;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>A message whose customer lives in another partition than the one it came by.</summary>
/// <param name="Position">Where it stands in the source it came from.</param>
/// <param name="RecordTimeMs">UTC ms at which that source took it.</param>
/// <param name="Message">The message as it stands in its record.</param>
/// <param name="Inherited">What it inherits from the batch it was in.</param>
public sealed record EventParcel(string Customer, SourcePosition Position, long RecordTimeMs, ReadOnlyMemory<byte> Message, BatchDefaults Inherited) : Parcel(Customer)
{
    /// <summary>
    /// The message links an id to its customer: under which name the sender addresses that id's messages; empty = it links none. What was sent there before has to arrive first, see
    /// <see cref="HandoverRunner"/>.
    /// </summary>
    public string Linked { get; init; } = "";
}
