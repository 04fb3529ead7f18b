using StreamInsight.Pipeline;
using StreamInsight.Simulation.Twins;

namespace StreamInsight.Simulation.World;

/// <summary>One life of the service: the production pipeline, whole, on the simulation's thread, clock and ports.</summary>
public sealed class SimulatedProcess : IDisposable
{
    private readonly PipelineMetrics _metrics = new();
    private readonly LivePipeline _pipeline;
    private readonly Task _started;
    private Task? _stopped;

    public SimulatedProcess(SimulatedWorld world)
    {
        Time = new ProcessTime(world.Clock);
        CompiledModel model = world.Work.Model;
        var store = new SimulatedStore(world);
        _pipeline = new LivePipeline(new PipelineParts
        {
            Model = model,
            Host = new TroubledHost(new LocalCustomerHost(model, store) { MaxInMemory = world.Habits.MaxInMemory }, world),
            Store = store,
            Members = new SegmentCounts(world.Disk.Members, model.Segments.Select(segment => segment.Name)),
            Sources = [.. Sources(world)],
            Sinks = [.. world.Receivers.Select(receiver => new SimulatedSink(world, receiver, Time))],
            DeadLetters = [new SimulatedDeadLetters(world)],
            Options = world.Habits.Options(world.Random),
            Metrics = _metrics,
            Time = Time,
            Random = new Random(world.Random.Below(int.MaxValue)),
        });
        _started = Begin(() => _pipeline.StartAsync(CancellationToken.None));
    }

    public SimulatedScheduler Scheduler { get; } = new();

    public ProcessTime Time { get; }

    public bool IsStopping => _stopped is not null;

    public bool HasStopped => _stopped is { IsCompletedSuccessfully: true };

    /// <summary>What ended it; null = nothing has.</summary>
    public Exception? Failure => (_started.Exception ?? _pipeline.Completion.Exception ?? _stopped?.Exception)?.InnerException;

    public long MembersOf(string segment) => _pipeline.Members[segment];

    /// <summary>SIGTERM.</summary>
    public void Stop(TimeSpan deliverWithin) => _stopped ??= Begin(() => _pipeline.StopAsync(deliverWithin));

    public void Dispose() => _metrics.Dispose();

    private Task Begin(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    /// <summary>Every partition by a source of its own, or all by one.</summary>
    private IEnumerable<IEventSource> Sources(SimulatedWorld world) => world.HasOneSource
        ? [new SimulatedSource(world, "all", world.Work.Partitions, Time)]
        : world.Work.Partitions.Select(p => new SimulatedSource(world, p.Name, [p], Time));
}
