using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>
/// The one writer of a partition. Everything that happens because of a batch happens in <see cref="RunAsync"/>, in this order: messages are applied, due timers fire,
/// states, ids, positions, facts and dead letters are committed together, facts become visible to sinks, sources may forget.
/// One commit may run while the next messages are applied; there are never two. An exception of the host or the store ends the worker: better none than wrong.
/// </summary>
public sealed class PartitionWorker
{
    private readonly CompiledModel _model;
    private readonly ICustomerHost _host;
    private readonly IStateStore _store;
    private readonly Outbox _outbox;
    private readonly WorkerOptions _options;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Channel<DecodedBatch> _intake = Channel.CreateUnbounded<DecodedBatch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<Action<ICustomerHost>> _questions = new();
    private readonly WakeSignal _wake;
    private readonly List<SourcePump> _pumps = [];
    private readonly AppliedPositions _positions;
    private readonly PendingWork _pending;
    private readonly SegmentCounts _members;
    private readonly long _startedMs;
    private Task? _commit;
    private Checkpoint? _committing;
    private long _committingSinceMs;
    private long _lastCommitMs;
    private bool _hasMoreTimers;
    private volatile bool _isDraining;
    private volatile Exception? _failure;
    private long _checkpointDirtySinceMs = long.MaxValue;
    private long _nextTimerMs = long.MaxValue;
    private long _customers;

    public PartitionWorker(
        CompiledModel model, ICustomerHost host, IStateStore store, Outbox outbox, SegmentCounts members, WorkerOptions options, PipelineMetrics metrics, TimeProvider time)
    {
        _model = model;
        _host = host;
        _store = store;
        _outbox = outbox;
        _members = members;
        _options = options;
        _metrics = metrics;
        _time = time;
        _wake = outbox.Taken;
        _positions = new AppliedPositions(store.LoadPositions());
        _pending = new PendingWork(model, store.LastFactPosition, store.LastDeadLetterNumber);
        _startedMs = _lastCommitMs = NowMs;
        _customers = host.CustomerCount;
    }

    /// <summary>By source partition, the last offset that is durable at the start.</summary>
    public IReadOnlyDictionary<string, long> StartPositions => _positions.All;

    /// <summary>Customers after the last round. Any thread.</summary>
    public long CustomerCount => Volatile.Read(ref _customers);

    /// <summary>Age of the oldest applied message that is not durable. Any thread.</summary>
    public double CheckpointAgeSeconds => AgeSeconds(Volatile.Read(ref _checkpointDirtySinceMs));

    /// <summary>How long the earliest timer has been due. Any thread.</summary>
    public double TimerOverdueSeconds => AgeSeconds(Volatile.Read(ref _nextTimerMs));

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Connects a source. Before <see cref="RunAsync"/>.</summary>
    public SourcePump AddSource(IEventSource source)
    {
        var pump = new SourcePump(source, _model.Events, _intake.Writer, _wake);
        _pumps.Add(pump);
        return pump;
    }

    /// <summary>Asks something between batches, on the worker's own turn. Fails when the worker has ended.</summary>
    public Task<T> AskAsync<T>(Func<ICustomerHost, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Enqueue(host =>
        {
            try
            {
                if (_failure is { } failure)
                    throw new DependencyUnavailableException("The worker has stopped: " + failure.Message, failure);
                answer.SetResult(question(host));
            }
            catch (Exception error)
            {
                answer.SetException(error);
            }
        });
        if (_failure is not null)
            AnswerQuestions();
        _wake.Set();
        return answer.Task;
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
                bool worked = AnswerQuestions();
                if (_commit is { IsCompleted: true })
                {
                    await FinishCommitAsync();
                    worked = true;
                }
                if (!_outbox.IsFull && _pending.Messages < _options.MaxMessagesUncommitted)
                {
                    worked |= ApplyMessages();
                    worked |= FireTimers();
                }
                if (_commit is null && MustCommit())
                {
                    StartCommit();
                    worked = true;
                }
                if (worked)
                    continue;
                if (_isDraining && IsIdle)
                    return;
                SetAlarm(alarm);
                await _wake.WaitAsync();
            }
        }
        catch (Exception error)
        {
            _failure = error;
            AnswerQuestions();
            throw;
        }
        finally
        {
            await alarm.DisposeAsync();
        }
    }

    private bool IsIdle => _commit is null && _pending.IsEmpty && !_intake.Reader.TryPeek(out _) && _pumps.TrueForAll(pump => pump.HasEnded);

    private bool AnswerQuestions()
    {
        bool any = false;
        while (_questions.TryDequeue(out Action<ICustomerHost>? question))
        {
            question(_host);
            any = true;
        }
        return any;
    }

    private bool ApplyMessages()
    {
        long started = _time.GetTimestamp();
        int applied = 0;
        while (applied < _options.MaxMessagesARound && _intake.Reader.TryRead(out DecodedBatch? batch))
        {
            applied += Math.Max(1, batch.Count);
            Apply(batch);
            batch.Pump.Return(batch);
        }
        if (applied == 0)
            return false;
        Volatile.Write(ref _customers, _host.CustomerCount);
        _metrics.RoundTook(_time.GetElapsedTime(started));
        return true;
    }

    private void Apply(DecodedBatch batch)
    {
        int skipped = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            CustomerEvent message = batch.Event(i);
            SourceRecord record = batch.RecordOf(i);
            if (!_positions.IsNew(record.Source, record.Offset))
            {
                skipped++;
                continue;
            }
            SourcePosition position = record.Position(message.BatchIndex);
            Refusal refusal = message.IsDecoded ? _host.Process(message, position, _pending.Facts) : message.Refusal;
            if (refusal != Refusal.None)
            {
                _pending.Refuse(position, refusal, record.RecordTimeMs, message.Message);
                _metrics.Refused(refusal);
            }
        }
        foreach ((string source, long last) in batch.LastOffsets())
            _positions.Applied(source, last);

        if (batch.Count > skipped)
        {
            if (_pending.Messages == 0)
                Volatile.Write(ref _checkpointDirtySinceMs, Math.Min(_checkpointDirtySinceMs, NowMs));
            _pending.Messages += batch.Count - skipped;
            _metrics.Applied(batch.Pump.Source.Name, batch.Count - skipped, batch.Records.ByteCount);
        }
        if (skipped > 0)
            _metrics.Skipped(batch.Pump.Source.Name, skipped);
        batch.Pump.HasApplied(batch);
    }

    private bool FireTimers()
    {
        long now = NowMs;
        long untilMs = TimerHorizonMs(now);
        long dueMs = _host.NextTimerMs;
        Volatile.Write(ref _nextTimerMs, dueMs);
        if (dueMs > untilMs)
            return _hasMoreTimers = false;
        bool messagesWait = _intake.Reader.TryPeek(out _);
        int fired = _host.FireTimers(untilMs, messagesWait ? _options.MaxTimersARound : 4 * _options.MaxTimersARound, _pending.Facts);
        if (fired > 0)
        {
            _pending.Timers += fired;
            _metrics.TimersFired(fired, _options.Clock == ClockMode.Wall ? (now - dueMs) / 1000.0 : 0);
        }
        _hasMoreTimers = _host.NextTimerMs <= untilMs;
        return fired > 0 || _host.NextTimerMs > dueMs;
    }

    /// <summary>
    /// Timers due up to here may fire. Whatever the clock says, a customer is not moved past a record that is still on its way through us:
    /// after a restart the backlog comes first, and the result is that of a replay.
    /// </summary>
    private long TimerHorizonMs(long now)
    {
        if (_options.Clock == ClockMode.Records)
        {
            long known = _pumps.Count == 0 ? RecordBatch.NoHorizon : _pumps.Max(pump => pump.LastRecordTimeMs);
            return _pumps.Where(pump => !pump.HasEnded && !pump.IsCaughtUp).Aggregate(known, (least, pump) => Math.Min(least, pump.HorizonMs));
        }
        long horizon = now - (long)_options.TimerGrace.TotalMilliseconds;
        foreach (SourcePump pump in _pumps)
        {
            if (!pump.HasEnded)
                horizon = Math.Min(horizon, pump.HorizonMs);
        }
        return horizon;
    }

    private bool MustCommit()
    {
        if (_pending.Facts.Count > 0 || _pending.DeadLetters.Count > 0 || _pending.Messages >= _options.MaxMessagesUncommitted)
            return true;
        bool hasSomething = !_pending.IsEmpty || _outbox.HasUnsavedCursors;
        return hasSomething && (_isDraining || NowMs - _lastCommitMs >= _options.CheckpointInterval.TotalMilliseconds);
    }

    private void StartCommit()
    {
        _committing = _pending.TakeCheckpoint(_host, _positions.All);
        _outbox.SaveCursors(_committing);
        _committing.TrimFactsTo = _outbox.TrimTo;
        _committingSinceMs = Volatile.Read(ref _checkpointDirtySinceMs);
        Volatile.Write(ref _checkpointDirtySinceMs, long.MaxValue);
        _lastCommitMs = NowMs;
        Checkpoint checkpoint = _committing;
        _commit = Task.Run(() =>
        {
            long started = _time.GetTimestamp();
            _store.Commit(checkpoint);
            _metrics.CommitTook(_time.GetElapsedTime(started));
            _wake.Set();
        });
    }

    private async Task FinishCommitAsync()
    {
        await _commit!;
        Checkpoint done = _committing!;
        _commit = null;
        _committing = null;
        foreach (OutboxFact fact in done.Facts)
        {
            _metrics.FactCommitted(fact.Kind);
            _members.Add(fact);
        }
        _outbox.Committed(done.Facts);
        _host.Trim();
        foreach (SourcePump pump in _pumps)
            pump.Source.Committed(done.Positions);
    }

    private void SetAlarm(ITimer alarm)
    {
        long now = NowMs;
        long wakeMs = long.MaxValue;
        if (_options.Clock == ClockMode.Wall && _host.NextTimerMs != long.MaxValue && !_outbox.IsFull)
            wakeMs = _host.NextTimerMs + (long)_options.TimerGrace.TotalMilliseconds + 1;
        if (wakeMs <= now)
            wakeMs = long.MaxValue;     // Due, but held back by a source: its next batch or heartbeat wakes us.
        if (!_pending.IsEmpty || _outbox.HasUnsavedCursors)
            wakeMs = Math.Min(wakeMs, Math.Max(now + 1, _lastCommitMs + (long)_options.CheckpointInterval.TotalMilliseconds));
        TimeSpan wait = wakeMs == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Min(wakeMs - now, 60_000));
        alarm.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private double AgeSeconds(long sinceMs) => sinceMs == long.MaxValue ? 0 : Math.Max(0, NowMs - sinceMs) / 1000.0;
}
