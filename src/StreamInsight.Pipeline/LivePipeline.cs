using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>
/// One partition from its sources to its sinks: starts the parts in order, stops them in order, and ends with the first that fails.
/// </summary>
public sealed partial class LivePipeline : IAsyncDisposable
{
    private const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    private readonly PipelineParts _parts;
    private readonly PartitionWorker _worker;
    private readonly List<SourcePump> _pumps = [];
    private readonly List<SinkRunner> _sinks = [];
    private readonly List<DeadLetterRunner> _deadLetters = [];
    private readonly List<Task> _running = [];
    private readonly List<Task> _delivering = [];
    private readonly CancellationTokenSource _stopSources = new();
    private readonly CancellationTokenSource _stopSinks = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HandoverRunner? _handovers;
    private readonly ErasureDesk _erasures;
    private readonly PipelineFigures _figures;
    private readonly ILogger _log;
    private Task _work = Task.CompletedTask;
    private bool _isStarted;

    public LivePipeline(PipelineParts parts)
    {
        _parts = parts;
        _log = parts.Log ?? NullLogger.Instance;
        Outbox = new Outbox(parts.Store, parts.Options.OutboxCapacity, parts.Options.FactHistory);
        _worker = new PartitionWorker(parts.Model, parts.Host, parts.Store, Outbox, parts.Members, parts.Options, parts.Metrics, parts.Time, _log, parts.Random);
        foreach (IEventSource source in parts.Sources)
            _pumps.Add(_worker.AddSource(source));
        foreach (IFactSink sink in parts.Sinks)
            _sinks.Add(new SinkRunner(sink, Outbox, parts.Metrics, parts.Time, _log, parts.Random));
        foreach (IDeadLetters sink in parts.DeadLetters)
            _deadLetters.Add(new DeadLetterRunner(sink, parts.Store, Outbox, parts.Time, _log, parts.Random));
        _handovers = parts.Handovers is { } road ? new HandoverRunner(road, parts.Store, Outbox, parts.Time, _log, parts.Random) : null;
        _erasures = new ErasureDesk(
            _worker, parts.Store, [new DeadLetterEraser(parts.Store, _worker), .. parts.Erasables], _sinks, parts.Options.ForgetTombstoneAfter, parts.Time, _log);
        _erasures.Listen();
        _figures = Figures();
        parts.Metrics.Observe(_figures);
    }

    public Outbox Outbox { get; }

    public IReadOnlyList<SinkRunner> Sinks => _sinks;

    public IReadOnlyList<SourcePump> Sources => _pumps;

    public SegmentCounts Members => _parts.Members;

    public long CustomerCount => _worker.CustomerCount;

    /// <summary>Why the store takes no checkpoint just now; null = it does. Sources pause then, and it goes on by itself.</summary>
    public string? StoreProblem => _worker.StoreProblem;

    /// <summary>Everything is started and nothing has failed.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Ends when the pipeline has stopped; fails with what made it fail.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Ends when every source has ended and everything applied is durable: files that were read to their end, with no other source.</summary>
    public bool HasNothingLeft => _pumps.TrueForAll(pump => pump.HasEnded) && _worker.CheckpointAgeSeconds == 0 && Outbox.Depth == 0;

    /// <summary>Starts the sources where the store stands, then everything else. Throws what a source throws that cannot be reached.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (SourcePump pump in _pumps)
            await pump.Source.StartAsync(_worker.StartPositions, cancel);
        _isStarted = true;
        _work = Begin(_worker.RunAsync);
        _ = Watch(_work);
        foreach (SourcePump pump in _pumps)
            _running.Add(Watch(Begin(() => pump.RunAsync(_stopSources.Token))));
        foreach (SinkRunner sink in _sinks)
            _delivering.Add(Watch(Begin(() => sink.RunAsync(_stopSinks.Token))));
        foreach (DeadLetterRunner sink in _deadLetters)
            _delivering.Add(Watch(Begin(() => sink.RunAsync(_stopSinks.Token))));
        if (_handovers is not null)
            _delivering.Add(Watch(Begin(() => _handovers.RunAsync(_stopSinks.Token))));
        _erasures.Resume();
        IsRunning = true;
        LogStarted(_parts.Model.Id, _worker.CustomerCount, string.Join(", ", _parts.Sources.Select(s => s.Name)), string.Join(", ", _parts.Sinks.Select(s => s.Name)));
    }

    /// <summary>Asks something of the customers, between two batches.</summary>
    public Task<T> AskAsync<T>(Func<ICustomerHost, ValueTask<T>> question) => _worker.AskAsync(question);

    /// <summary>How customers stand, between two batches.</summary>
    public Task<Standing> LookAsync(IReadOnlyList<string> customers) => _worker.LookAsync(customers);

    /// <summary>Told of each commit when it is durable. Set before <see cref="StartAsync"/>; must not block, and may keep nothing of what it is given.</summary>
    public Action<Checkpoint>? Committed
    {
        set => _worker.Committed = value;
    }

    /// <summary>
    /// Erases the customer an id belongs to, with all its ids (semantics, section 11). Durable on return; what was not done everywhere within
    /// <paramref name="patience"/> is pending and is done later, also after a restart. null = nothing is known of the id.
    /// </summary>
    public Task<Erasure?> EraseAsync(string id, TimeSpan patience) => _erasures.EraseAsync(id, patience);

    /// <summary>
    /// Takes in nothing more, applies and commits what was read, and delivers for at most <paramref name="deliverWithin"/>; what is not delivered by then stays
    /// in the outbox for the next start.
    /// </summary>
    public async Task StopAsync(TimeSpan deliverWithin)
    {
        if (!_isStarted)
            return;
        IsRunning = false;
        _stopSources.Cancel();
        await Task.WhenAll(_running).ConfigureAwait(Quietly);
        await _erasures.StopAsync();
        _worker.Drain();
        await _work.ConfigureAwait(Quietly);

        if (_work.IsCompletedSuccessfully)
            await DeliverRestAsync(deliverWithin);
        _stopSinks.Cancel();
        await Task.WhenAll(_delivering).ConfigureAwait(Quietly);
        if (_work.IsCompletedSuccessfully)
            SaveCursors();
        LogStopped(Outbox.Depth);
        _completion.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _parts.Metrics.Forget(_figures);
        foreach (IEventSource source in _parts.Sources)
            await source.DisposeAsync();
        foreach (IFactSink sink in _parts.Sinks)
            await sink.DisposeAsync();
        foreach (IDeadLetters sink in _parts.DeadLetters)
            await sink.DisposeAsync();
        _stopSources.Dispose();
        _stopSinks.Dispose();
    }

    private async Task DeliverRestAsync(TimeSpan within)
    {
        long started = _parts.Time.GetTimestamp();
        while ((_sinks.Exists(sink => sink.Problem is null && sink.Cursor.Behind > 0) || _handovers is { Problem: null, Waiting: > 0 }) && _parts.Time.GetElapsedTime(started) < within)
            await Outbox.Taken.WaitAsync(TimeSpan.FromMilliseconds(50), _parts.Time, CancellationToken.None);
    }

    private void SaveCursors()
    {
        var last = new Checkpoint { Changes = new HostChanges() };
        Outbox.SaveCursors(last);
        try
        {
            if (last.Cursors.Count > 0)
                _parts.Store.Commit(last);
        }
        catch (Exception error) when (error is DependencyUnavailableException or FencedException)
        {
            // Then a little is delivered again after the next start.
            LogFailed(error.Message);
        }
    }

    /// <summary>As a task of its own, on the scheduler this runs on: the thread pool's, or a simulation's.</summary>
    private static Task Begin(Func<Task> part) =>
        Task.Factory.StartNew(part, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    /// <summary>A part that fails ends the whole.</summary>
    private Task Watch(Task part)
    {
        _ = part.ContinueWith(
            failed =>
            {
                Exception error = failed.Exception!.InnerException!;
                IsRunning = false;
                LogFailed(error.Message);
                _completion.TrySetException(error);
            },
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return part;
    }

    private PipelineFigures Figures() => new()
    {
        Outbox = Outbox,
        CountCustomers = () => _worker.CustomerCount,
        CountMembers = _parts.Members.Measure,
        ReadSinksBehind = () => _sinks.Select(sink => new Measurement<long>(sink.Cursor.Behind, new KeyValuePair<string, object?>("sink", sink.Name))),
        ReadLags = () => _parts.Sources.Where(source => source.Lag is not null)
            .Select(source => new Measurement<long>(source.Lag!.Value, new KeyValuePair<string, object?>("source", source.Name))),
        ReadCheckpointAge = () => _worker.CheckpointAgeSeconds,
        CountStopped = () => _parts.Host.StoppedCustomers,
        CountHeld = () => _parts.Host.HeldMessages,
        CountHandovers = () => _handovers?.Waiting ?? 0,
        CountRefusedLinks = () => _worker.RefusedLinks.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>("reason", count.Key))),
        ReadTimerOverdue = () => _worker.TimerOverdueSeconds,
        ReadDecisions = () => _parts.Host.Decisions,
    };

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Running {Model} with {Customers} customers. Sources: {Sources}. Sinks: {Sinks}.")]
    private partial void LogStarted(string model, long customers, string sources, string sinks);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Stopped; {Waiting} facts stay in the outbox.")]
    private partial void LogStopped(long waiting);

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical, Message = "The pipeline has failed and takes nothing more in: {Reason}")]
    private partial void LogFailed(string reason);
}
