using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StreamInsight.Events;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Dead letters to a Kafka topic: value = the record's bytes as they came, headers <c>reason</c>, <c>source-topic</c>, <c>source-partition</c>, <c>source-offset</c>, and
/// <c>source-index</c> for a message of a batch (from 0). A record that came by HTTP has <c>log</c> as its topic. At least once.
/// </summary>
public sealed class KafkaDeadLetters(KafkaOptions options) : IDeadLetters
{
    private readonly OrderedProducer _producer = new(options, options.DeadTopic);

    public string Name => "kafka";

    public Task DeliverAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        _producer.SendAsync([.. letters.Select(letter => new OutgoingRecord(Message(letter)))], cancel);

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Message<byte[]?, byte[]> Message(DeadLetter letter)
    {
        (string topic, int partition) = Partition.Read(letter.Position.Source);
        var headers = new Headers
        {
            { "reason", Encoding.UTF8.GetBytes(letter.Reason.Reason()) },
            { "source-topic", Encoding.UTF8.GetBytes(topic) },
            { "source-partition", Number(partition) },
            { "source-offset", Number(letter.Position.Offset) },
        };
        if (letter.Position.Index >= 0)
            headers.Add("source-index", Number(letter.Position.Index));
        return new Message<byte[]?, byte[]> { Value = letter.Record.ToArray(), Headers = headers };
    }

    private static byte[] Number(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
