using Confluent.Kafka;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>
/// Messages between partitions of customers, through <see cref="KafkaOptions.HandoverTopic"/>: the value is the body, the partition the receiver's. Idempotent producer, every
/// call's messages in order. Any thread: one serves all partitions of a node.
/// </summary>
public sealed class KafkaHandovers(KafkaOptions options) : IHandoverSink
{
    private readonly SharedProducer _producer = new(options, options.HandoverTopic);

    public string Name => "handover";

    public Task DeliverAsync(IReadOnlyList<Handover> messages, CancellationToken cancel) =>
        _producer.SendAsync([.. messages.Select(message => new OutgoingRecord(new Message<byte[]?, byte[]> { Value = message.Body.ToArray() }, message.To))], cancel);

    public ValueTask DisposeAsync() => _producer.DisposeAsync();
}
