using Confluent.Kafka;

namespace StreamInsight.Kafka;

/// <summary>What a producer sends, and where to.</summary>
/// <param name="To">Its partition; <see cref="Confluent.Kafka.Partition.Any"/> = by key.</param>
internal readonly record struct OutgoingRecord(Message<byte[]?, byte[]> Message, Confluent.Kafka.Partition To)
{
    public OutgoingRecord(Message<byte[]?, byte[]> message)
        : this(message, Confluent.Kafka.Partition.Any)
    {
    }
}
