using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline;

/// <summary>
/// The one writer of a partition. Everything that happens because of a batch happens in <see cref="RunAsync"/>, in this order: messages are applied, due timers fire,
/// states, ids, positions, facts and dead letters are committed together, facts become visible to sinks, sources may forget.
/// One commit may run while the next messages are applied; there are never two. An exception of the host or the store ends the worker: better none than wrong.
/// </summary>
public sealed partial class PartitionWorker
{
    private const long TombstoneInterval = 3_600_000;

    private readonly CompiledModel _model;
    private readonly ICustomerHost _host;
    private readonly IStateStore _store;
    private readonly Outbox _outbox;
    private readonly WorkerOptions _options;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Channel<DecodedBatch> _intake = Channel.CreateUnbounded<DecodedBatch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<Func<ICustomerHost, ValueTask>> _questions = new();
    private readonly ConcurrentQueue<IPartitionOrder> _orders = new();
    private readonly WakeSignal _wake;
    private readonly List<SourcePump> _pumps = [];
    private readonly AppliedPositions _positions;
    private readonly PendingWork _pending;
    private readonly MessageRun _run = new();
    private readonly ConcurrentDictionary<string, long> _refusedLinks = new();
    private readonly ReceivedHandovers _received = new();
    private readonly Queue<DecodedBatch> _putAside = [];
    private readonly SegmentCounts _members;
    private readonly BackOff _commitRetry;
    private readonly ILogger _log;
    private Task? _commit;
    private Checkpoint? _committing;
    private IPartitionOrder? _order;
    private volatile bool _hasEnded;
    private volatile string? _storeProblem;
    private long _lastCommit;
    private volatile bool _isDraining;
    private volatile Exception? _failure;
    private long _dirtySince;
    private long _committingSince;
    private long _nextTimerMs = long.MaxValue;
    private long _customers;
    private long _tombstonesAgainMs;

    public PartitionWorker(
        CompiledModel model, ICustomerHost host, IStateStore store, Outbox outbox, SegmentCounts members, WorkerOptions options, PipelineMetrics metrics, TimeProvider time,
        ILogger? log = null, Random? random = null)
    {
        _model = model;
        _host = host;
        _store = store;
        _outbox = outbox;
        _members = members;
        _options = options;
        _metrics = metrics;
        _time = time;
        _log = log ?? NullLogger.Instance;
        _commitRetry = new BackOff(random);
        _wake = outbox.Taken;
        _positions = new AppliedPositions(store.LoadPositions());
        _pending = new PendingWork(model, store.LastFactPosition, store.LastDeadLetterNumber);
        _lastCommit = time.GetTimestamp();
        _customers = host.CustomerCount;
        Count(store.LoadCounters());
    }

    /// <summary>By source partition, the last offset that is durable at the start.</summary>
    public IReadOnlyDictionary<string, long> StartPositions => _positions.All;

    /// <summary>Why the last commit was not taken; null = it was. Any thread.</summary>
    public string? StoreProblem { get => _storeProblem; private set => _storeProblem = value; }

    /// <summary>Customers after the last round. Any thread.</summary>
    public long CustomerCount => Volatile.Read(ref _customers);

    /// <summary>Age of the oldest applied message that is not durable; 0 = everything applied is. Any thread.</summary>
    public double CheckpointAgeSeconds => AgeSeconds(Volatile.Read(ref _committingSince) is var committing and not 0 ? committing : Volatile.Read(ref _dirtySince));

    /// <summary>Links that were refused, by reason, as committed. Any thread.</summary>
    internal IReadOnlyDictionary<string, long> RefusedLinks => _refusedLinks;

    /// <summary>How long the earliest timer has been due. Any thread.</summary>
    public double TimerOverdueSeconds => Volatile.Read(ref _nextTimerMs) is var dueMs and not long.MaxValue ? Math.Max(0, NowMs - dueMs) / 1000.0 : 0;

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Connects a source. Before <see cref="RunAsync"/>.</summary>
    public SourcePump AddSource(IEventSource source)
    {
        var pump = new SourcePump(source, _model.Events, _intake.Writer, _wake);
        _pumps.Add(pump);
        return pump;
    }

    /// <summary>The partition's clock: what "now" is for orders, UTC ms.</summary>
    internal long ClockMs => _options.Clock == ClockMode.Wall ? NowMs : Math.Max(0, TimerHorizon.UntilMs(_pumps, _options, NowMs));

    /// <summary>How customers stand, with the instant up to which that is known. Fails when the worker has ended.</summary>
    public Task<Standing> LookAsync(IReadOnlyList<string> customers) => AskAsync(async host =>
        new Standing(await host.ViewAsync(customers), TimerHorizon.UntilMs(_pumps, _options, NowMs), _pending.LastFactPosition));

    /// <summary>Told of each commit when it is durable, on the worker's turn; what it is given is the worker's own. Set before <see cref="RunAsync"/>; must not block.</summary>
    public Action<Checkpoint>? Committed { get; set; }

    /// <summary>Told of each erasure that another partition asked for, when it is durable. Set before <see cref="RunAsync"/>.</summary>
    internal Action<Erasure>? Erased { get; set; }

    /// <summary>Where customers are erased beside the store, by name.</summary>
    internal IReadOnlyList<string> ErasurePlaces
    {
        set => _pending.ErasurePlaces = value;
    }

    /// <summary>What its pumps have read is applied and committed, then it ends. Stop the pumps first.</summary>
    public void Drain()
    {
        _isDraining = true;
        _wake.Set();
    }

    /// <summary>The life of the partition. Ends when drained; throws what made it stop.</summary>
    public async Task RunAsync()
    {
        ITimer alarm = _time.CreateTimer(static wake => ((WakeSignal)wake!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                bool worked = await AnswerQuestionsAsync();
                if (_commit is { IsCompleted: true })
                {
                    await FinishCommitAsync();
                    worked = true;
                }
                worked |= await CarryOutOrderAsync();
                if (_orders.IsEmpty && !_outbox.IsFull && _pending.Messages < _options.MaxMessagesUncommitted)
                {
                    worked |= await ApplyMessagesAsync();
                    worked |= await FireTimersAsync();
                }
                if (_commit is null && MustCommit())
                {
                    await StartCommitAsync();
                    worked = true;
                }
                if (worked)
                    continue;
                if (_isDraining && (IsIdle || IsStuck))
                    return;
                SetAlarm(alarm);
                await _wake.WaitAsync();
            }
        }
        catch (Exception error)
        {
            _failure = error;
            RefuseQuestions();
            _order?.Refuse(error);
            throw;
        }
        finally
        {
            _hasEnded = true;
            RefuseOrders();
            await alarm.DisposeAsync();
        }
    }

    /// <summary>The outbox is full, and may stay so: what was read and not applied is read again after the next start.</summary>
    private bool IsStuck => _outbox.IsFull && _commit is null && _pending.IsEmpty && _pumps.TrueForAll(pump => pump.HasEnded);

    private bool IsIdle => _commit is null && _pending.IsEmpty && !_intake.Reader.TryPeek(out _) && _pumps.TrueForAll(pump => pump.HasEnded);

    private async ValueTask<bool> ApplyMessagesAsync()
    {
        long started = _time.GetTimestamp();
        int applied = 0;
        while (applied < _options.MaxMessagesARound && _intake.Reader.TryRead(out DecodedBatch? batch))
        {
            applied += Math.Max(1, batch.Count);
            if (batch.Pump.Source.CarriesHandovers)
                _received.Add(batch, NowMs);
            else if (HoldsTooMuch || _putAside.Count > 0)
                _putAside.Enqueue(batch);
            else
                await ApplyAsync(batch);
        }
        while (!HoldsTooMuch && _putAside.TryDequeue(out DecodedBatch? aside))
            await ApplyAsync(aside);
        while (_received.TakeReady(_pumps, waits: _putAside.Count == 0) is { } handovers)
        {
            applied += Math.Max(1, handovers.Records.Count);
            await ApplyAsync(handovers);
        }
        if (applied == 0)
            return false;
        Volatile.Write(ref _customers, _host.CustomerCount);
        _metrics.RoundTook(_time.GetElapsedTime(started));
        return true;
    }

    /// <summary>Answers from other partitions come first, until fewer messages wait for them; their source pauses meanwhile, for want of batches.</summary>
    private bool HoldsTooMuch => _host.HeldMessages >= _options.MaxHeldMessages;

    private async ValueTask ApplyAsync(DecodedBatch batch)
    {
        int skipped = 0;
        _run.Clear();
        if (batch.Pump.Source.CarriesHandovers)
            skipped = _received.AddTo(_run, batch, _positions);
        for (int i = 0; i < batch.Count; i++)
        {
            SourceRecord record = batch.RecordOf(i);
            if (_positions.IsNew(record.Source, record.Offset))
                _run.Add(batch.Event(i), record.Position(batch.Event(i).BatchIndex), record.RecordTimeMs);
            else
                skipped++;
        }
        await _host.ProcessAsync(_run, _pending.Facts);
        foreach (RefusedMessage refused in _run.Refused)
        {
            _pending.Refuse(refused);
            _metrics.Refused(refused.Reason);
        }
        foreach ((string source, long last) in batch.LastOffsets())
            _positions.Applied(source, last);

        _pending.Records += batch.Records.Count;
        if (!batch.Records.IsEmpty && _dirtySince == 0)
            Volatile.Write(ref _dirtySince, _time.GetTimestamp());
        if (_run.Count > 0)
        {
            _pending.Messages += _run.Count;
            _metrics.Applied(batch.Pump.Source.Name, _run.Count, batch.Records.ByteCount);
        }
        if (skipped > 0)
            _metrics.Skipped(batch.Pump.Source.Name, skipped);
        batch.Pump.HasApplied(batch);
        batch.Pump.Return(batch);
    }

    private async ValueTask<bool> FireTimersAsync()
    {
        long now = NowMs;
        long untilMs = TimerHorizon.UntilMs(_pumps, _options, now);
        long dueMs = _host.NextTimerMs;
        Volatile.Write(ref _nextTimerMs, dueMs);
        if (dueMs > untilMs)
            return false;
        bool messagesWait = _intake.Reader.TryPeek(out _);
        int fired = await _host.FireTimersAsync(untilMs, messagesWait ? _options.MaxTimersARound : 4 * _options.MaxTimersARound, _pending.Facts);
        if (fired > 0)
        {
            _pending.Timers += fired;
            _metrics.TimersFired(fired, _options.Clock == ClockMode.Wall ? (now - dueMs) / 1000.0 : 0);
        }
        return fired > 0 || _host.NextTimerMs > dueMs;
    }

    private bool MustCommit()
    {
        if (_pending.Facts.Count > 0 || _pending.DeadLetters.Count > 0 || _host.IsAwaited || _pending.Messages >= _options.MaxMessagesUncommitted)
            return true;
        bool hasSomething = !_pending.IsEmpty || _outbox.HasUnsavedCursors;
        return hasSomething && (_isDraining || _time.GetElapsedTime(_lastCommit) >= _options.CheckpointInterval);
    }

    private async ValueTask StartCommitAsync()
    {
        _committing = await _pending.TakeCheckpointAsync(_host, _positions.All);
        _members.CountFlows(_committing);
        _outbox.SaveCursors(_committing);
        _committing.TrimFactsTo = _outbox.TrimTo;
        if (_committing.DeadLetters.Count > 0)
            _committing.TrimDeadLettersTo = _outbox.TrimDeadLettersTo(_committing.DeadLetters[^1].Number, _options.DeadLettersKept);
        _committing.TrimHandoversTo = _outbox.TrimHandoversTo;
        if (NowMs >= _tombstonesAgainMs)
        {
            _tombstonesAgainMs = NowMs + TombstoneInterval;
            _committing.TombstonesOverMs = _options.Clock == ClockMode.Wall ? NowMs : 0;
        }
        Volatile.Write(ref _committingSince, _dirtySince);
        Volatile.Write(ref _dirtySince, 0);
        _lastCommit = _time.GetTimestamp();
        BeginCommit(TimeSpan.Zero);
    }

    private void BeginCommit(TimeSpan delay)
    {
        Checkpoint checkpoint = _committing!;
        _commit = Task.Factory.StartNew(
            async () =>
            {
                if (delay > TimeSpan.Zero)
                    await Task.Delay(delay, _time);
                long started = _time.GetTimestamp();
                _store.Commit(checkpoint);
                _metrics.CommitTook(_time.GetElapsedTime(started));
            },
            CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
        _commit.ContinueWith(static (_, wake) => ((WakeSignal)wake!).Set(), _wake, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>A store that takes nothing just now (a full disk) is tried again with the same checkpoint; meanwhile the worker runs full and its sources pause.</summary>
    private async Task FinishCommitAsync()
    {
        try
        {
            await _commit!;
        }
        catch (DependencyUnavailableException error) when (error.MayPass && !_isDraining)
        {
            if (_commitRetry.Failures == 0)
                LogStoreRefuses(error.Message);
            StoreProblem = error.Message;
            _metrics.StoreFailed();
            BeginCommit(_commitRetry.Next());
            return;
        }
        if (_commitRetry.Failures > 0)
            LogStoreTakes(_commitRetry.Failures);
        _commitRetry.Reset();
        StoreProblem = null;
        Checkpoint done = _committing!;
        _commit = null;
        _committing = null;
        Volatile.Write(ref _committingSince, 0);
        foreach (QuarantinedCustomer customer in done.Changes.Quarantined)
            LogQuarantined(IdDigest.Of(customer.Id, _store.Secret.Span).ToString("x32", CultureInfo.InvariantCulture), customer.Reason);
        foreach (string customer in done.Changes.Released)
            LogReleased(IdDigest.Of(customer, _store.Secret.Span).ToString("x32", CultureInfo.InvariantCulture));
        foreach (OutboxFact fact in done.Facts)
        {
            _metrics.FactCommitted(fact.Kind);
            _members.Add(fact);
        }
        foreach (Erasure erasure in done.Erasures)
            _outbox.Forget(erasure.Ids, erasure.FactPosition - done.Facts.Count);
        _outbox.Committed(done.Facts, done.DeadLetters.Count > 0 || done.Handovers.Count > 0);
        Count(done.Changes.Counters);
        Committed?.Invoke(done);
        foreach (Erasure erasure in done.Changes.Erasures)
            Erased?.Invoke(erasure);
        _host.Trim();
        foreach (SourcePump pump in _pumps)
            pump.Source.Committed(done.Positions);
        _order?.Committed();
        _order = null;
    }

    private void Count(IReadOnlyDictionary<string, long> counters)
    {
        foreach (string reason in (ReadOnlySpan<string>)[LocalCustomerHost.MergeRefused, LocalCustomerHost.LimitRefused])
            _refusedLinks[reason] = counters.TryGetValue(reason, out long count) ? count : _refusedLinks.GetValueOrDefault(reason);
    }

    private void SetAlarm(ITimer alarm)
    {
        TimeSpan wait = TimeSpan.FromMinutes(1);
        if (_options.Clock == ClockMode.Wall && !_outbox.IsFull && _host.NextTimerMs != long.MaxValue)
        {
            // A timer that is due already is held back by a source, whose next batch or heartbeat wakes us.
            double untilDueMs = _host.NextTimerMs + _options.TimerGrace.TotalMilliseconds + 1 - NowMs;
            if (untilDueMs > 0 && untilDueMs < wait.TotalMilliseconds)
                wait = TimeSpan.FromMilliseconds(untilDueMs);
        }
        if (!_pending.IsEmpty || _outbox.HasUnsavedCursors)
        {
            TimeSpan untilCommit = _options.CheckpointInterval - _time.GetElapsedTime(_lastCommit);
            wait = untilCommit <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : untilCommit < wait ? untilCommit : wait;
        }
        alarm.Change(wait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Error, Message = "A checkpoint cannot be stored: {Reason} Nothing is lost: sources pause, and it is tried again until there is room.")]
    private partial void LogStoreRefuses(string reason);

    [LoggerMessage(EventId = 51, Level = LogLevel.Information, Message = "Checkpoints are stored again, after {Tries} tries.")]
    private partial void LogStoreTakes(int tries);

    [LoggerMessage(EventId = 52, Level = LogLevel.Error, Message = "The state of customer {Digest} cannot be read and is set aside (quarantine): {Reason} Its events go to dead letters as 'stopped'; see docs/operations.md, A customer that is stopped.")]
    private partial void LogQuarantined(string digest, string reason);

    [LoggerMessage(EventId = 53, Level = LogLevel.Information, Message = "Customer {Digest} was set aside and can be read again: it goes on. Put its events back with 'streaminsight dead requeue --reason stopped'.")]
    private partial void LogReleased(string digest);

    private double AgeSeconds(long since) => since == 0 ? 0 : _time.GetElapsedTime(since).TotalSeconds;
}
