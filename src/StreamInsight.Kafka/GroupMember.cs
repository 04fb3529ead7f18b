using System.Globalization;
using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// A member of the consumer group on the events topic. It reads nothing: it is told which partitions come and go, and tells the group how far they are durable. Reading goes on
/// elsewhere (<see cref="PartitionReader"/>) while a partition is waited for. On a thread of its own.
/// </summary>
internal sealed class GroupMember(KafkaOptions options, IMembership membership, DurableOffsets durable)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private Exception? _failure;
    private bool _hasNew;

    /// <summary>Ends when it has left the group; faults with a <see cref="DependencyUnavailableException"/>.</summary>
    public Task Ended => _ended.Task;

    public bool IsStopping => _stop.IsCancellationRequested;

    public void Start()
    {
        _isStarted = true;
        var consumer = Build();
        new Thread(() => Run(consumer)) { IsBackground = true, Name = "kafka group" }.Start();
    }

    /// <summary>Gives its partitions back, and leaves the group unless it is a member by name.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_isStarted)
            await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // ---- on its thread from here ----

    private void Run(IConsumer<Ignore, Ignore> consumer)
    {
        try
        {
            consumer.Subscribe(options.EventsTopic);
            while (!_stop.IsCancellationRequested && _failure is null)
            {
                PollOnce(consumer);
                durable.Tell(consumer);
            }
        }
        catch (Exception e)
        {
            _failure ??= e;
        }
        Leave(consumer);
        if (_failure is null)
            _ended.TrySetResult();
        else
            _ended.TrySetException(_failure is DependencyUnavailableException ? _failure : new DependencyUnavailableException($"Kafka's group member stopped: {_failure.Message}", _failure));
    }

    private void Leave(IConsumer<Ignore, Ignore> consumer)
    {
        try
        {
            durable.Tell(consumer, force: true);
            consumer.Close(); // revokes; leaves the group at once, unless a member by name
        }
        catch (KafkaException e)
        {
            options.Warn?.Invoke(KafkaConnection.Describe(e.Error));
        }
        finally
        {
            consumer.Dispose();
        }
    }

    private void PollOnce(IConsumer<Ignore, Ignore> consumer)
    {
        try
        {
            consumer.Consume(Poll); // a message that slips through before the pause is read by the reader too
        }
        catch (ConsumeException e) when (!e.Error.IsFatal && e.Error.Code != ErrorCode.InconsistentGroupProtocol)
        {
            options.Warn?.Invoke(KafkaConnection.Describe(e.Error));
        }
        catch (KafkaException e)
        {
            throw new DependencyUnavailableException(Explain(e.Error), e);
        }
        if (!_hasNew)
            return;
        consumer.Pause(consumer.Assignment);
        _hasNew = false;
    }

    private string Explain(Error error) => error.Code switch
    {
        ErrorCode.InconsistentGroupProtocol =>
            $"Kafka's group {options.Group} is used by another application, or by members that distribute partitions in another way than cooperative-sticky: name another group.",
        ErrorCode.FencedInstanceId => $"Kafka's group {options.Group}: another process has joined as instance {options.InstanceId}. Every process needs an instance id of its own.",
        _ => $"Kafka's group member stopped: {error.Reason} ({error.Code})",
    };

    private IConsumer<Ignore, Ignore> Build()
    {
        var settings = KafkaConnection.Settings(options);
        settings["group.id"] = options.Group;
        if (options.InstanceId is { Length: > 0 } instance)
            settings["group.instance.id"] = instance;
        settings["partition.assignment.strategy"] = "cooperative-sticky";
        int sessionMs = (int)options.SessionTimeout.TotalMilliseconds;
        settings["session.timeout.ms"] = sessionMs.ToString(CultureInfo.InvariantCulture);
        settings["heartbeat.interval.ms"] = Math.Clamp(sessionMs / 5, 100, 3000).ToString(CultureInfo.InvariantCulture);
        settings["enable.auto.commit"] = "false";
        settings["auto.offset.reset"] = "latest";
        settings["allow.auto.create.topics"] = "true";
        settings["dotnet.consumer.consume.result.fields"] = "none";
        return new ConsumerBuilder<Ignore, Ignore>(settings.WithOwn(options))
            .SetPartitionsAssignedHandler(OnAssigned)
            .SetPartitionsRevokedHandler((consumer, partitions) => OnRevoked(consumer, [.. partitions.Select(p => p.Partition.Value)]))
            .SetPartitionsLostHandler((_, partitions) => OnLost([.. partitions.Select(p => p.Partition.Value)]))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, _) => { })
            .Build();
    }

    /// <summary>The client takes the same partitions back, and its own position: it is to fetch nothing, so the end, and a pause as soon as they are assigned.</summary>
    private IEnumerable<TopicPartitionOffset> OnAssigned(IConsumer<Ignore, Ignore> consumer, List<TopicPartition> partitions)
    {
        _hasNew = partitions.Count > 0;
        if (_failure is null && !IsStopping)
        {
            int[] numbers = [.. partitions.Select(p => p.Partition.Value)];
            try
            {
                foreach (int partition in numbers)
                    durable.Assigned(partition);
                membership.Assigned(numbers);
            }
            catch (Exception e)
            {
                // The client has to get an assignment before it can be closed.
                _failure = e;
            }
        }
        return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
    }

    private void OnRevoked(IConsumer<Ignore, Ignore> consumer, int[] partitions)
    {
        membership.Revoked(partitions);
        durable.Tell(consumer, force: true);
        foreach (int partition in partitions)
            durable.Revoked(partition);
    }

    private void OnLost(int[] partitions)
    {
        foreach (int partition in partitions)
            durable.Revoked(partition);
        options.Warn?.Invoke($"Kafka: partitions {string.Join(", ", partitions)} were lost: this process was away from the group for too long");
        membership.Lost(partitions);
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
            _failure ??= new DependencyUnavailableException(Explain(error));
        else
            options.Warn?.Invoke(KafkaConnection.Describe(error));
    }
}
