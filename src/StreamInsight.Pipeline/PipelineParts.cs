using Microsoft.Extensions.Logging;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>What a pipeline is made of. The pipeline owns sources and sinks; the store and the host stay with whoever made them.</summary>
public sealed record PipelineParts
{
    public required CompiledModel Model { get; init; }

    public required ICustomerHost Host { get; init; }

    public required IStateStore Store { get; init; }

    public required SegmentCounts Members { get; init; }

    public IReadOnlyList<IEventSource> Sources { get; init; } = [];

    public IReadOnlyList<IFactSink> Sinks { get; init; } = [];

    public IReadOnlyList<IDeadLetters> DeadLetters { get; init; } = [];

    /// <summary>The road to other partitions; null = there is one partition only.</summary>
    public IHandoverSink? Handovers { get; init; }

    /// <summary>Further places that hold something of customers and can be told to erase one.</summary>
    public IReadOnlyList<IErasable> Erasables { get; init; } = [];

    public WorkerOptions Options { get; init; } = new();

    public required PipelineMetrics Metrics { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For the jitter of waits; a simulation gives a seeded one.</summary>
    public Random Random { get; init; } = Random.Shared;

    public ILogger? Log { get; init; }
}
