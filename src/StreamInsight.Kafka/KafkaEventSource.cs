using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Records of one Kafka topic through a consumer group. The record time is the message's timestamp, the partition's name <c>topic/partition</c>.
/// Offsets are committed to the group only when their effects are durable, so nothing is lost; the state store's own positions win over the group's.
/// A partition that is taken away is handed over when what was read of it is durable. One thread of its own polls the brokers; when the pipeline is full it pauses the partitions
/// and keeps polling, so the membership lives.
/// </summary>
public sealed class KafkaEventSource(KafkaOptions options, TimeProvider? clock = null) : IEventSource
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ReadAhead _readAhead = new(options.EventsTopic, options.MaxBufferedRecords, options.MaxBufferedBytes);
    private readonly DurableOffsets _durable = new(options);
    private readonly CancellationTokenSource _stop = new();
    private StartingPoints _starts = new(options, new Dictionary<string, long>());
    private Thread? _thread;
    private Task _look = Task.CompletedTask;
    private volatile Exception? _failure;

    public string Name => "kafka";

    public long? Lag => _readAhead.Lag;

    public async Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        await KafkaConnection.CheckAsync(options, [options.EventsTopic], cancel).ConfigureAwait(false);
        _starts = new StartingPoints(options, applied);
        var consumer = Build();
        _thread = new Thread(() => Run(consumer)) { IsBackground = true, Name = "kafka consumer" };
        _thread.Start();
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        await _readAhead.WaitAsync(IEventSource.Heartbeat, cancel).ConfigureAwait(false);
        if (_failure is { } failure)
            throw failure;
        _readAhead.Take(batch);
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied) => _durable.Moved(applied);

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
            await _stop.CancelAsync().ConfigureAwait(false);
        if (_thread is { } thread)
            await Task.Run(thread.Join).ConfigureAwait(false);
        _durable.Dispose();
    }

    // ---- on the consumer thread from here ----

    private void Run(IConsumer<Ignore, byte[]?> consumer)
    {
        try
        {
            using IAdminClient admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            consumer.Subscribe(options.EventsTopic);
            while (!_stop.IsCancellationRequested)
            {
                PollOnce(consumer);
                GiveWay(consumer);
                _durable.Tell(consumer);
                LookForEnds(consumer, admin);
            }
            _durable.Tell(consumer, force: true);
            _look.Wait(TimeSpan.FromSeconds(5));
            consumer.Close(); // leaves the group at once, unless a member by name
        }
        catch (Exception e)
        {
            _failure = e is DependencyUnavailableException ? e : new DependencyUnavailableException($"Kafka's consumer stopped: {e.Message}", e);
        }
        finally
        {
            consumer.Dispose();
        }
    }

    private void PollOnce(IConsumer<Ignore, byte[]?> consumer)
    {
        // A run of messages at a time: what else the loop does costs more than one message.
        for (int i = 0; i < 1000 && !_readAhead.IsFull; i++)
        {
            if (!Receive(consumer, i == 0 ? Poll : TimeSpan.Zero))
                return;
        }
    }

    /// <summary>False: nothing came in time.</summary>
    private bool Receive(IConsumer<Ignore, byte[]?> consumer, TimeSpan atMost)
    {
        try
        {
            if (consumer.Consume(atMost) is not { } result)
                return false;
            if (result.IsPartitionEOF)
                _readAhead.AddEnd(result.Partition.Value, result.Offset.Value);
            else
                _readAhead.Add(result.Partition.Value, result.Offset.Value, RecordTimeMs(result.Message.Timestamp), result.Message.Value);
            return true;
        }
        catch (ConsumeException e) when (e.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            throw new DependencyUnavailableException($"Kafka: records were deleted before they were read ({e.Error.Reason}), and kafka.offset_reset is error. Set it to earliest to go on without them.", e);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            options.Warn?.Invoke(KafkaConnection.Describe(e.Error));
            return false;
        }
    }

    private static long RecordTimeMs(Timestamp timestamp) =>
        timestamp.Type == TimestampType.NotAvailable ? SourceRecord.TimeInMessage : timestamp.UnixTimestampMs;

    /// <summary>While the pipeline is full: a short wait first, because a pause throws away what librdkafka has fetched; then paused, but still polling.</summary>
    private void GiveWay(IConsumer<Ignore, byte[]?> consumer)
    {
        if (!_readAhead.IsFull)
            return;
        if (WaitForRoom(() => Thread.Sleep(2)))
            return;
        var paused = new HashSet<TopicPartition>();
        WaitForRoom(forever: true, meanwhile: () =>
        {
            // Partitions may be assigned while we wait: those are not paused yet, and what comes of them counts.
            var running = consumer.Assignment.Where(paused.Add).ToList();
            if (running.Count > 0)
                consumer.Pause(running);
            Receive(consumer, Poll);
            _durable.Tell(consumer);
        });
        consumer.Resume(consumer.Assignment.Where(paused.Contains));
    }

    private bool WaitForRoom(Action meanwhile, bool forever = false)
    {
        long until = Environment.TickCount64 + 1000;
        while (!_stop.IsCancellationRequested)
        {
            if (_readAhead.HasRoomAgain)
                return true;
            if (!forever && Environment.TickCount64 > until)
                return false;
            meanwhile();
        }
        return true;
    }

    private long _nextLook;

    /// <summary>Asks the brokers where the partitions end, to know when the pipeline has caught up with this very moment.</summary>
    private void LookForEnds(IConsumer<Ignore, byte[]?> consumer, IAdminClient admin)
    {
        long now = Environment.TickCount64;
        if (now < _nextLook || !_look.IsCompleted)
            return;
        // While there is a backlog the ends are of little interest, but the lag is shown.
        _nextLook = now + (_readAhead.WantsLook ? (long)IEventSource.Heartbeat.TotalMilliseconds : 1000);
        var partitions = consumer.Assignment;
        if (partitions.Count > 0)
            _look = LookAsync(admin, partitions);
    }

    private async Task LookAsync(IAdminClient admin, List<TopicPartition> partitions)
    {
        try
        {
            long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            var found = await admin.ListOffsetsAsync(
                partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = OffsetSpec.Latest() }),
                new ListOffsetsOptions { RequestTimeout = TimeSpan.FromSeconds(5), IsolationLevel = IsolationLevel.ReadCommitted }).ConfigureAwait(false);
            _readAhead.Looked(nowMs, found.ResultInfos.ToDictionary(
                info => info.TopicPartitionOffsetError.Partition.Value, info => info.TopicPartitionOffsetError.Offset.Value));
        }
        catch (KafkaException)
        {
            // Not reached: the horizon stays where it is, which is right.
        }
    }

    private IConsumer<Ignore, byte[]?> Build()
    {
        var settings = KafkaConnection.Settings(options);
        settings["group.id"] = options.Group;
        if (options.InstanceId is { Length: > 0 } instance)
            settings["group.instance.id"] = instance;
        settings["partition.assignment.strategy"] = "cooperative-sticky";
        // After a crash the group waits this long before it gives the partitions to anyone, the restarted process included.
        settings["session.timeout.ms"] = "10000";
        settings["enable.auto.commit"] = "false";
        settings["enable.partition.eof"] = "true";
        settings["auto.offset.reset"] = options.StopsAtGaps ? "error" : "earliest";
        settings["allow.auto.create.topics"] = "true";
        settings["fetch.wait.max.ms"] = ((int)options.FetchWait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        settings["fetch.queue.backoff.ms"] = "20";
        settings["queued.min.messages"] = "10000";
        settings["queued.max.messages.kbytes"] = "16384";
        settings["dotnet.consumer.consume.result.fields"] = "timestamp";
        return new ConsumerBuilder<Ignore, byte[]?>(settings.WithOwn(options))
            .SetPartitionsAssignedHandler(OnAssigned)
            .SetPartitionsRevokedHandler(OnRevoked)
            .SetPartitionsLostHandler(OnLost)
            .SetErrorHandler((_, error) => options.Warn?.Invoke(KafkaConnection.Describe(error)))
            .SetLogHandler((_, _) => { })
            .Build();
    }

    private IEnumerable<TopicPartitionOffset> OnAssigned(IConsumer<Ignore, byte[]?> consumer, List<TopicPartition> partitions)
    {
        List<TopicPartitionOffset> starts;
        try
        {
            starts = _starts.Choose(consumer, partitions);
        }
        catch (DependencyUnavailableException e)
        {
            // The client has to get an assignment before it can be closed.
            _failure = e;
            _stop.Cancel();
            return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
        }
        foreach (var start in starts)
        {
            int partition = start.Partition.Value;
            _durable.Assigned(partition);
            _readAhead.Assign(partition, Math.Max(0, start.Offset.Value));
        }
        return starts;
    }

    /// <summary>The pipeline goes on meanwhile, on its own threads: this one waits until what it has taken is durable.</summary>
    private void OnRevoked(IConsumer<Ignore, byte[]?> consumer, List<TopicPartitionOffset> partitions)
    {
        var taken = Forget(partitions);
        if (!_stop.IsCancellationRequested)
            options.Warn?.Invoke($"partitions {string.Join(", ", partitions.Select(p => p.Partition.Value))} of {options.EventsTopic} go to another member of group {options.Group}. A customer's state does not go with them: only members that share this process's state store may be in the group");
        if (!_durable.WaitFor(taken, _stop.Token) && !_stop.IsCancellationRequested)
            options.Warn?.Invoke($"Kafka: partitions {string.Join(", ", taken.Keys)} are handed over before all that was read of them is durable: their next owner will read it again");
        _durable.Tell(consumer, force: true);
    }

    private void OnLost(IConsumer<Ignore, byte[]?> consumer, List<TopicPartitionOffset> partitions)
    {
        Forget(partitions);
        options.Warn?.Invoke($"Kafka: partitions {string.Join(", ", partitions.Select(p => p.Partition.Value))} were lost: this process was away from the group for too long");
    }

    private Dictionary<int, long> Forget(List<TopicPartitionOffset> partitions)
    {
        var taken = new Dictionary<int, long>();
        foreach (var partition in partitions)
        {
            long last = _readAhead.Revoke(partition.Partition.Value);
            if (last >= 0)
            {
                taken[partition.Partition.Value] = last;
                _starts.Taken(partition.Partition.Value, last);
            }
            _durable.Revoked(partition.Partition.Value);
        }
        return taken;
    }
}
