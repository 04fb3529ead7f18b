using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Facts to a Kafka topic: key = the customer, value = the fact line. The timestamp is that of the delivery, not the fact's <c>at</c>:
/// a load of old events would otherwise fall to the topic's retention at once. It takes every fact, whatever a trigger's <c>to</c> says: the topic is
/// the full record. At least once: after a failure facts come again, in order per customer; readers drop a <c>seq</c> they have seen.
/// </summary>
public sealed class KafkaFactSink(KafkaOptions options) : IFactSink
{
    private readonly OrderedProducer _producer = new(options, options.FactsTopic);

    public string Name => "kafka";

    public Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        var messages = new OutgoingRecord[facts.Count];
        for (int i = 0; i < messages.Length; i++)
            messages[i] = new OutgoingRecord(new Message<byte[]?, byte[]>
            {
                Key = Encoding.UTF8.GetBytes(facts[i].Customer),
                Value = facts[i].Line.ToArray(),
            });
        return _producer.SendAsync(messages, cancel);
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }
}
