using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Puts event messages with their record times into the topic of events: for the demo, and for loading history. One caller at a time.
/// </summary>
public sealed class KafkaEventFeed(KafkaOptions options) : IDisposable
{
    private readonly OrderedProducer _producer = new(options, options.EventsTopic);

    /// <summary>
    /// Done when the brokers have all of them. Throws <see cref="DependencyUnavailableException"/> when they did not take them in time: send the same again, from the first;
    /// what came twice has the same messageId.
    /// </summary>
    public Task SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancel) =>
        _producer.SendAsync(
        [.. messages.Select(message => new OutgoingRecord(new Message<byte[]?, byte[]>
        {
            Key = message.Key is null ? null : Encoding.UTF8.GetBytes(message.Key),
            Value = message.Value.ToArray(),
            Timestamp = new Timestamp(message.RecordTimeMs, TimestampType.CreateTime),
        }))], cancel);

    public void Dispose() => _producer.Dispose();
}
