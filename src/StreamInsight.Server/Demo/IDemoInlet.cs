namespace StreamInsight.Server.Demo;

/// <summary>The way in: the embedded log, or a Kafka topic.</summary>
public interface IDemoInlet : IDisposable
{
    /// <summary>Hands messages in, in order, all with this record time (the demo's date, UTC ms); done when the service cannot lose them any more.</summary>
    Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel);
}
