using System.Diagnostics.Metrics;

namespace StreamInsight.Pipeline;

/// <summary>Where the gauges come from; each is cheap and may be called from any thread.</summary>
internal sealed class PipelineFigures
{
    public required Func<long> CountCustomers { get; init; }

    public required Func<IEnumerable<Measurement<long>>> CountMembers { get; init; }

    public required Func<int> CountStopped { get; init; }

    public required Outbox Outbox { get; init; }

    public required Func<IEnumerable<Measurement<long>>> ReadSinksBehind { get; init; }

    public required Func<IEnumerable<Measurement<long>>> ReadLags { get; init; }

    public required Func<double> ReadCheckpointAge { get; init; }

    public required Func<double> ReadTimerOverdue { get; init; }

    public long Customers => CountCustomers();

    public IEnumerable<Measurement<long>> SegmentMembers => CountMembers();

    public long StoppedCustomers => CountStopped();

    public long OutboxDepth => Outbox.Depth;

    public long OutboxCapacity => Outbox.Capacity;

    public IEnumerable<Measurement<long>> SinksBehind => ReadSinksBehind();

    public IEnumerable<Measurement<long>> SourceLags => ReadLags();

    public double CheckpointAgeSeconds => ReadCheckpointAge();

    public double TimerOverdueSeconds => ReadTimerOverdue();
}
