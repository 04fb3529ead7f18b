namespace StreamInsight.Pipeline;

/// <summary>
/// Where records come from. One reader at a time; it is simply not read while the pipeline is full, so a source that has to stay in touch with a broker
/// does that on a thread of its own. Records of one partition come in order, without a gap.
/// </summary>
public interface IEventSource : IAsyncDisposable
{
    /// <summary>The longest a read waits while nothing comes.</summary>
    static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(100);

    /// <summary>A short name for logs and metrics: <c>log</c>, <c>kafka</c>, <c>file</c>.</summary>
    string Name { get; }

    /// <summary>Records waiting in the source behind what was read; null = not known.</summary>
    long? Lag { get; }

    /// <summary>Its records are messages from other partitions (<see cref="Partitions.HandoverCodec"/>), not events.</summary>
    bool CarriesHandovers => false;

    /// <summary>
    /// Called once, before the first read. <paramref name="applied"/>: by partition (<see cref="SourcePosition.Source"/>), the last offset whose effects are
    /// in the state store. The source goes on after it; what it delivers again is skipped, what it leaves out is lost.
    /// Throws <see cref="DependencyUnavailableException"/> when it cannot be reached.
    /// </summary>
    Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel);

    /// <summary>
    /// Waits until there is a record, then adds what is at hand until <paramref name="batch"/> is full; never waits to fill it.
    /// After <see cref="Heartbeat"/> without a record it returns true with an empty batch, so that its <see cref="RecordBatch.HorizonMs"/> arrives.
    /// False: the source has ended and nothing was added. A source that loses its connection waits and tries again, for ever.
    /// </summary>
    ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel);

    /// <summary>
    /// By partition, the last offset whose effects are durable: the source may commit it or forget what is below. Called from another thread, often; returns at once.
    /// </summary>
    void Committed(IReadOnlyDictionary<string, long> applied);
}
