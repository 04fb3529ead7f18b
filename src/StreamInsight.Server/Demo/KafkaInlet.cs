using StreamInsight.Kafka;

namespace StreamInsight.Server.Demo;

/// <summary>Through a Kafka topic, as a company's own producers would.</summary>
internal sealed class KafkaInlet(KafkaOptions options) : IDemoInlet
{
    private readonly KafkaEventFeed _feed = new(options);

    public Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel) =>
        _feed.SendAsync([.. messages.Select(message => new OutgoingMessage(message.Key, message.Json, dateMs))], cancel);

    public void Dispose() => _feed.Dispose();
}
