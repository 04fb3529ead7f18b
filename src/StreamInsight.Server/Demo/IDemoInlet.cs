namespace StreamInsight.Server.Demo;

/// <summary>The way in: the embedded log, or a Kafka topic.</summary>
public interface IDemoInlet
{
    /// <summary>Hands messages in, in order, with the demo's date as record time; done when the service cannot lose them any more.</summary>
    Task SendAsync(IReadOnlyList<SimulatedMessage> messages, CancellationToken cancel);

    /// <summary>Messages handed in that the service has not read yet; null = not known.</summary>
    long? Waiting { get; }
}
