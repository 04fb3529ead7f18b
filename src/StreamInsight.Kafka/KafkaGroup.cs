using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>
/// This node's membership in the group of all nodes, and the sources of the partitions it has: of each partition one of <see cref="KafkaOptions.EventsTopic"/> and one of
/// <see cref="KafkaOptions.HandoverTopic"/>, in this order. Where a source starts reading, the owner tells it: after what the partition's store has applied; of a partition
/// it does not know, events from what the group has committed on, handovers from the beginning. What is durable is committed to the group, for those who watch its lag.
/// </summary>
public sealed class KafkaGroup : IAsyncDisposable, IMembership
{
    private readonly KafkaOptions _options;
    private readonly PartitionReader _events;
    private readonly PartitionReader _handovers;
    private readonly DurableOffsets _durable;
    private readonly GroupMember _member;
    private readonly OwnerCalls _owner;
    private readonly ConcurrentDictionary<int, bool> _assigned = new();
    private readonly ConcurrentDictionary<int, PartitionSource[]> _sources = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _handOverTimeout;
    private Task _idleCheck = Task.CompletedTask;

    /// <param name="options">How to reach Kafka, the group and the topics.</param>
    /// <param name="owner">Who is told which partitions come and go.</param>
    /// <param name="clock">Null = the system's.</param>
    public KafkaGroup(KafkaOptions options, IPartitionOwner owner, TimeProvider? clock = null)
    {
        _options = options;
        _events = new PartitionReader(options, options.EventsTopic, clock ?? TimeProvider.System);
        _handovers = new PartitionReader(options, options.HandoverTopic, clock ?? TimeProvider.System);
        _durable = new DurableOffsets(options);
        _member = new GroupMember(options, this, _durable);
        _owner = new OwnerCalls(owner, Open, e => _completion.TrySetException(e));
        _handOverTimeout = HandOverTimeout(options);
    }

    /// <summary>Ends with the membership. Faults with what will not pass by itself: the node then ends, and disposes of this.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Partitions that the group has given this node, taken or about to be.</summary>
    public IReadOnlyCollection<int> Partitions => [.. _assigned.Keys];

    /// <summary>Joins the group, and returns; the owner is called when partitions come. Call <see cref="KafkaTopics.PrepareAsync"/> before.</summary>
    public void Start()
    {
        _events.Start();
        _handovers.Start();
        _member.Start();
        foreach (Task ended in (ReadOnlySpan<Task>)[_events.Ended, _handovers.Ended, _member.Ended])
            _ = ended.ContinueWith(t => _completion.TrySetException(t.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _idleCheck = GroupMembers.WarnIfIdleAsync(_options, () => !_assigned.IsEmpty, _stop.Token);
    }

    /// <summary>A partition that this node has, and that failed on the way, is taken once more, with new sources. Nothing happens when it has gone to another node meanwhile.</summary>
    public void TakeAgain(int partition)
    {
        if (_assigned.ContainsKey(partition))
            _owner.Take([partition]);
    }

    /// <summary>Releases every partition and leaves the group; a member by name (<see cref="KafkaOptions.InstanceId"/>) stays its member until the session times out.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _owner.Close();
        await _member.StopAsync().ConfigureAwait(false); // releases; a member that failed may not be asked any more
        await Task.Run(() => End([.. _assigned.Keys], isLost: true)).ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        await _handovers.DisposeAsync().ConfigureAwait(false);
        await _idleCheck.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _durable.Dispose();
        _completion.TrySetResult();
    }

    void IMembership.Assigned(IReadOnlyList<int> partitions)
    {
        foreach (int partition in partitions)
            _assigned[partition] = true;
        _owner.Take(partitions);
    }

    void IMembership.Revoked(IReadOnlyList<int> partitions)
    {
        if (!End(partitions, isLost: false))
            _options.Warn?.Invoke($"Kafka: partitions {string.Join(", ", partitions)} go to other nodes before this one was done with them: what it still writes will be refused, and what it read and did not write is read again");
    }

    void IMembership.Lost(IReadOnlyList<int> partitions) => End(partitions, isLost: true);

    /// <summary>False: the owner is still not done with all of them.</summary>
    private bool End(IReadOnlyList<int> partitions, bool isLost)
    {
        if (partitions.Count == 0)
            return true;
        foreach (int partition in partitions)
            _assigned.TryRemove(partition, out _);
        Task ended = _owner.EndAsync(partitions, isLost);
        foreach (int partition in partitions)
        {
            if (_sources.TryRemove(partition, out var sources))
                Close(sources);
        }
        return ended.Wait(_handOverTimeout);
    }

    /// <summary>New sources for every try: a source is started once.</summary>
    private IReadOnlyList<IEventSource> Open(int partition)
    {
        PartitionSource[] sources =
        [
            new(_options, "kafka", new TopicPartition(_options.EventsTopic, partition), _events, _durable),
            new(_options, "handover", new TopicPartition(_options.HandoverTopic, partition), _handovers, null),
        ];
        if (_sources.TryGetValue(partition, out var former))
            Close(former);
        _sources[partition] = sources;
        if (!_assigned.ContainsKey(partition)) // it went meanwhile
            Close(sources);
        return sources;
    }

    private static void Close(PartitionSource[] sources)
    {
        foreach (var source in sources)
            source.Close();
    }

    /// <summary>A member that waits for longer than the poll interval is thrown out of the group.</summary>
    private static TimeSpan HandOverTimeout(KafkaOptions options)
    {
        double pollMs = options.Properties.TryGetValue("max.poll.interval.ms", out string? own) && double.TryParse(own, CultureInfo.InvariantCulture, out double ms) ? ms : 300_000;
        return TimeSpan.FromMilliseconds(Math.Min(options.HandOverTimeout.TotalMilliseconds, pollMs / 2));
    }
}
