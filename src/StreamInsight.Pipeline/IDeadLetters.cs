namespace StreamInsight.Pipeline;

/// <summary>
/// A second place for dead letters, such as a Kafka topic; the state store always has them. At its own position, like a sink.
/// </summary>
public interface IDeadLetters : IAsyncDisposable
{
    /// <summary>For logs, metrics and its position.</summary>
    string Name { get; }

    /// <summary>Delivers in order; an exception means: not delivered, try again later from the first. May repeat.</summary>
    Task DeliverAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel);
}
