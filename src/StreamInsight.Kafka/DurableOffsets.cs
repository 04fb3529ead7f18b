using System.Collections.Concurrent;
using Confluent.Kafka;

namespace StreamInsight.Kafka;

/// <summary>
/// By partition, the last offset whose effects are durable, and what the group has been told of it. <see cref="Moved"/> comes from any thread,
/// everything else from the consumer thread.
/// </summary>
internal sealed class DurableOffsets(KafkaOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _partitionOfName = new();
    private readonly ConcurrentDictionary<int, long> _durable = new();
    private readonly Dictionary<int, long> _told = [];
    private readonly ManualResetEventSlim _moved = new();
    private long _nextTellAt;

    public void Assigned(int partition)
    {
        Revoked(partition);
        _partitionOfName[Partition.Name(options.EventsTopic, partition)] = partition;
    }

    /// <summary>The group may be told by somebody else from now on: what we knew may be older.</summary>
    public void Revoked(int partition)
    {
        _told.Remove(partition);
        _durable.TryRemove(partition, out _);
    }

    public void Moved(IReadOnlyDictionary<string, long> applied)
    {
        foreach ((string name, long offset) in applied)
        {
            if (_partitionOfName.TryGetValue(name, out int partition))
                _durable[partition] = offset;
        }
        _moved.Set();
    }

    /// <summary>Waits until all of that is durable; false when it took too long or <paramref name="stop"/> came first.</summary>
    public bool WaitFor(IReadOnlyDictionary<int, long> taken, CancellationToken stop)
    {
        long until = Environment.TickCount64 + (long)options.HandOverTimeout.TotalMilliseconds;
        while (!taken.All(pair => _durable.GetValueOrDefault(pair.Key, -1) >= pair.Value))
        {
            if (stop.IsCancellationRequested || Environment.TickCount64 > until)
                return false;
            _moved.Wait(20, CancellationToken.None);
            _moved.Reset();
        }
        return true;
    }

    /// <summary>Commits to the group what is new, at most once every <see cref="KafkaOptions.CommitInterval"/> unless forced.</summary>
    public void Tell<T>(IConsumer<Ignore, T> consumer, bool force = false)
    {
        long now = Environment.TickCount64;
        if (!force && now < _nextTellAt)
            return;
        _nextTellAt = now + (long)options.CommitInterval.TotalMilliseconds;
        List<TopicPartitionOffset> offsets = [.. consumer.Assignment
            .Where(p => _durable.GetValueOrDefault(p.Partition.Value, -1) > _told.GetValueOrDefault(p.Partition.Value, -1))
            .Select(p => new TopicPartitionOffset(p, _durable[p.Partition.Value] + 1))];
        if (offsets.Count == 0)
            return;
        try
        {
            consumer.Commit(offsets);
            foreach (var offset in offsets)
                _told[offset.Partition.Value] = offset.Offset.Value - 1;
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            // Only a restart without the state store would notice; the next commit repeats it.
            options.Warn?.Invoke($"{KafkaConnection.Describe(e.Error)}: offsets not committed, trying again");
        }
    }

    public void Dispose() => _moved.Dispose();
}
