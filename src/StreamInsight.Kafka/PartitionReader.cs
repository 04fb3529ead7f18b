using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Reads partitions of one topic as it is told, each into a <see cref="ReadAhead"/>, and asks where they end. A read-ahead that is full holds back its own partitions only.
/// In no group. One consumer on one thread, whatever the number of partitions.
/// </summary>
internal sealed class PartitionReader(KafkaOptions options, string topic, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<Order> _orders = new();
    private readonly Dictionary<int, Reading> _readings = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConsumer<Ignore, byte[]?>? _consumer;
    private Task _look = Task.CompletedTask;
    private long _nextLook;

    /// <summary>Ends when it is disposed; faults with what will not pass by itself.</summary>
    public Task Ended => _ended.Task;

    /// <summary>For questions about offsets, from any thread.</summary>
    public IConsumer<Ignore, byte[]?> Consumer => _consumer ?? throw new InvalidOperationException("The reader was not started.");

    public void Start()
    {
        _consumer = Build();
        new Thread(Run) { IsBackground = true, Name = "kafka consumer" }.Start();
    }

    /// <summary>Reads a partition from there on. Any thread.</summary>
    public void Add(int partition, Offset start, ReadAhead into)
    {
        into.Assign(partition, Math.Max(0, start.Value));
        _orders.Enqueue(new Order(partition, start, into));
    }

    /// <summary>Reads it no more; what is still under way is forgotten. Any thread. Returns the offset of the last record taken from the read-ahead, or -1.</summary>
    public long Remove(int partition, ReadAhead from)
    {
        long last = from.Revoke(partition);
        _orders.Enqueue(new Order(partition, Offset.Unset, null));
        return last;
    }

    /// <summary>Throws why it ended, if it did.</summary>
    public void ThrowIfFailed()
    {
        if (_ended.Task.IsFaulted)
            _ended.Task.GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (_consumer is null)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // ---- on its thread from here ----

    private void Run()
    {
        Exception? failure = null;
        try
        {
            using IAdminClient admin = new DependentAdminClientBuilder(Consumer.Handle).Build();
            while (!_stop.IsCancellationRequested)
            {
                FollowOrders();
                HoldBack();
                if (_readings.Count > 0 && _readings.Values.All(reading => reading.IsHeld))
                    Thread.Sleep(2); // nothing to do for anyone; no pause, which would throw away what was fetched
                else
                    ReadSome();
                LookForEnds(admin);
            }
            _look.Wait(TimeSpan.FromSeconds(5));
        }
        catch (Exception e)
        {
            failure = e is DependencyUnavailableException ? e : new DependencyUnavailableException($"Kafka's consumer of {topic} stopped: {e.Message}", e);
        }
        Close();
        if (failure is null)
            _ended.TrySetResult();
        else
            _ended.TrySetException(failure);
    }

    private void Close()
    {
        try
        {
            Consumer.Close();
        }
        catch (KafkaException e)
        {
            options.Warn?.Invoke(KafkaConnection.Describe(e.Error));
        }
        Consumer.Dispose();
    }

    private void FollowOrders()
    {
        while (_orders.TryDequeue(out var order))
        {
            var partition = new TopicPartition(topic, order.Partition);
            if (_readings.Remove(order.Partition, out var reading))
            {
                if (reading.IsPaused)
                    Consumer.Resume([partition]); // a pause would outlive the assignment
                Consumer.IncrementalUnassign([partition]);
            }
            if (order.Into is null)
                continue;
            _readings[order.Partition] = new Reading(partition, order.Into);
            Consumer.IncrementalAssign([new TopicPartitionOffset(partition, order.Start)]);
        }
    }

    /// <summary>Pauses partitions whose read-ahead is full, and only as long as others have room.</summary>
    private void HoldBack()
    {
        bool allHeld = true;
        foreach (var reading in _readings.Values)
        {
            reading.IsHeld = reading.IsHeld ? !reading.Into.HasRoomAgain : reading.Into.IsFull;
            allHeld &= reading.IsHeld;
        }
        if (allHeld)
            return;
        foreach (var reading in _readings.Values)
        {
            if (reading.IsHeld == reading.IsPaused)
                continue;
            if (reading.IsHeld)
                Consumer.Pause([reading.Partition]);
            else
                Consumer.Resume([reading.Partition]);
            reading.IsPaused = reading.IsHeld;
        }
    }

    /// <summary>A run of messages at a time: what else the loop does costs more than one message.</summary>
    private void ReadSome()
    {
        for (int i = 0; i < 1000; i++)
        {
            if (!Receive(i == 0 ? Poll : TimeSpan.Zero))
                return;
        }
    }

    /// <summary>False: nothing came in time, or what came has filled its read-ahead.</summary>
    private bool Receive(TimeSpan atMost)
    {
        try
        {
            if (Consumer.Consume(atMost) is not { } result)
                return false;
            if (!_readings.TryGetValue(result.Partition.Value, out var reading))
                return true;
            if (result.IsPartitionEOF)
            {
                reading.Into.AddEnd(result.Partition.Value, result.Offset.Value);
                return true;
            }
            return reading.Into.Add(result.Partition.Value, result.Offset.Value, RecordTimeMs(result.Message.Timestamp), result.Message.Value);
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

    /// <summary>Asks the brokers where the partitions end, to know when the pipeline has caught up with this very moment.</summary>
    private void LookForEnds(IAdminClient admin)
    {
        long now = Environment.TickCount64;
        if (now < _nextLook || !_look.IsCompleted || _readings.Count == 0)
            return;
        // While there is a backlog the ends are of little interest, but the lag is shown.
        bool isWanted = _readings.Values.Any(reading => reading.Into.WantsLook);
        _nextLook = now + (isWanted ? (long)IEventSource.Heartbeat.TotalMilliseconds : 1000);
        _look = LookAsync(admin, [.. _readings.Values]);
    }

    private async Task LookAsync(IAdminClient admin, Reading[] readings)
    {
        long nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        List<ListOffsetsResultInfo> found;
        try
        {
            found = (await admin.ListOffsetsAsync(
                readings.Select(reading => new TopicPartitionOffsetSpec { TopicPartition = reading.Partition, OffsetSpec = OffsetSpec.Latest() }),
                new ListOffsetsOptions { RequestTimeout = TimeSpan.FromSeconds(5), IsolationLevel = IsolationLevel.ReadCommitted }).ConfigureAwait(false)).ResultInfos;
        }
        catch (ListOffsetsException e)
        {
            found = e.Result.ResultInfos; // some partitions had an answer
        }
        catch (KafkaException)
        {
            return; // not reached: the horizon stays where it is, which is right
        }
        var ends = found.Select(info => info.TopicPartitionOffsetError).Where(end => !end.Error.IsError).ToDictionary(end => end.Partition.Value, end => end.Offset.Value);
        foreach (var readAhead in readings.Select(reading => reading.Into).Distinct())
            readAhead.Looked(nowMs, ends);
    }

    private IConsumer<Ignore, byte[]?> Build()
    {
        var settings = KafkaConnection.Settings(options);
        settings["group.id"] = options.Group; // only to ask what the group has committed
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
            .SetErrorHandler((_, error) => options.Warn?.Invoke(KafkaConnection.Describe(error)))
            .SetLogHandler((_, _) => { })
            .Build();
    }

    private readonly record struct Order(int Partition, Offset Start, ReadAhead? Into);

    private sealed class Reading(TopicPartition partition, ReadAhead into)
    {
        public TopicPartition Partition { get; } = partition;

        public ReadAhead Into { get; } = into;

        /// <summary>Its read-ahead is full, and has not much room yet.</summary>
        public bool IsHeld { get; set; }

        public bool IsPaused { get; set; }
    }
}
