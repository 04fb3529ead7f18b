using StreamInsight.Kafka;

namespace StreamInsight.Server.Demo;

/// <summary>Through a Kafka topic, as a company's own producers would.</summary>
internal sealed class KafkaInlet(KafkaOptions options) : IDemoInlet
{
    private readonly KafkaEventSender _sender = new(options);

    public Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel) =>
        _sender.SendAsync([.. messages.Select(message => (message.Key, message.Json))], dateMs, cancel);

    public void Dispose() => _sender.Dispose();
}
