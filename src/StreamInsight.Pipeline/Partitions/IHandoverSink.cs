namespace StreamInsight.Pipeline.Partitions;

/// <summary>The road between partitions of customers: an internal Kafka topic with as many partitions.</summary>
public interface IHandoverSink : IAsyncDisposable
{
    /// <summary>For logs, metrics and its position.</summary>
    string Name { get; }

    /// <summary>Delivers each message to its partition, in order; an exception means: not delivered, try again later from the first. May repeat.</summary>
    Task DeliverAsync(IReadOnlyList<Handover> messages, CancellationToken cancel);
}
