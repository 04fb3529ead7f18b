using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Sends messages to the events topic, as any producer would: key = the sender, value = the JSON, timestamp = the record time. For the demo and for tests.
/// One caller at a time.
/// </summary>
public sealed class KafkaEventSender(KafkaOptions options) : IDisposable
{
    private readonly OrderedProducer _producer = new(options, options.EventsTopic);

    /// <summary>Done when the brokers have all of them. Throws <see cref="DependencyUnavailableException"/> when they do not take them in time; then all may be sent again.</summary>
    /// <param name="recordTimeMs">UTC ms, of all of them.</param>
    public Task SendAsync(IReadOnlyList<(string Key, ReadOnlyMemory<byte> Json)> messages, long recordTimeMs, CancellationToken cancel)
    {
        var run = new Message<byte[]?, byte[]>[messages.Count];
        for (int i = 0; i < run.Length; i++)
            run[i] = new Message<byte[]?, byte[]>
            {
                Key = Encoding.UTF8.GetBytes(messages[i].Key),
                Value = messages[i].Json.ToArray(),
                Timestamp = new Timestamp(recordTimeMs, TimestampType.CreateTime),
            };
        return _producer.SendAsync(run, cancel);
    }

    public void Dispose() => _producer.Dispose();
}
