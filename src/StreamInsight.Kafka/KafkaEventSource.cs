using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Records of one Kafka topic through a consumer group, for one process that has all customers. The record time is the message's timestamp, the partition's name
/// <c>topic/partition</c>. Offsets are committed to the group only when their effects are durable, so nothing is lost; the state store's own positions win over the group's.
/// A partition that is taken away is handed over when what was read of it is durable. When the pipeline is full reading stops, and the membership lives on.
/// </summary>
public sealed class KafkaEventSource : IEventSource, IMembership
{
    private readonly KafkaOptions _options;
    private readonly ReadAhead _readAhead;
    private readonly PartitionReader _reader;
    private readonly DurableOffsets _durable;
    private readonly StartingPoints _starts;
    private readonly GroupMember _member;
    private readonly Dictionary<int, long> _taken = [];
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyDictionary<string, long> _applied = new Dictionary<string, long>();

    public KafkaEventSource(KafkaOptions options, TimeProvider? clock = null)
    {
        _options = options;
        _readAhead = new ReadAhead(options.EventsTopic, options.MaxBufferedRecords, options.MaxBufferedBytes);
        _reader = new PartitionReader(options, options.EventsTopic, clock ?? TimeProvider.System);
        _durable = new DurableOffsets(options);
        _starts = new StartingPoints(options);
        _member = new GroupMember(options, this, _durable);
    }

    public string Name => "kafka";

    public long? Lag => _readAhead.Lag;

    public async Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        await KafkaConnection.CheckAsync(_options, [_options.EventsTopic], cancel).ConfigureAwait(false);
        _applied = applied;
        _reader.Start();
        _member.Start();
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        await _readAhead.WaitAsync(IEventSource.Heartbeat, cancel).ConfigureAwait(false);
        if (_member.Ended.IsFaulted)
            await _member.Ended.ConfigureAwait(false);
        _reader.ThrowIfFailed();
        _readAhead.Take(batch);
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied) => _durable.Moved(applied);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _member.StopAsync().ConfigureAwait(false);
        await _reader.DisposeAsync().ConfigureAwait(false);
        _durable.Dispose();
    }

    void IMembership.Assigned(IReadOnlyList<int> partitions)
    {
        foreach (int partition in partitions)
            _reader.Add(partition, Start(new TopicPartition(_options.EventsTopic, partition)), _readAhead);
    }

    /// <summary>The pipeline goes on meanwhile, on its own threads: this waits until what it has taken is durable.</summary>
    void IMembership.Revoked(IReadOnlyList<int> partitions)
    {
        var taken = Forget(partitions);
        if (!_stop.IsCancellationRequested)
            _options.Warn?.Invoke($"partitions {string.Join(", ", partitions)} of {_options.EventsTopic} go to another member of group {_options.Group}. A customer's state does not go with them: only members that share this process's state store may be in the group");
        if (!_durable.WaitFor(taken, _stop.Token) && !_stop.IsCancellationRequested)
            _options.Warn?.Invoke($"Kafka: partitions {string.Join(", ", taken.Keys)} are handed over before all that was read of them is durable: their next owner will read it again");
    }

    void IMembership.Lost(IReadOnlyList<int> partitions) => Forget(partitions);

    private Offset Start(TopicPartition partition)
    {
        if (_taken.TryGetValue(partition.Partition.Value, out long taken)) // another process may have come further since
            return Math.Max(taken + 1, _starts.Committed(_reader.Consumer, [partition], _stop.Token)[partition].Value);
        long? applied = _applied.TryGetValue(Partition.Name(partition.Topic, partition.Partition.Value), out long last) ? last : null;
        return _starts.Choose(_reader.Consumer, partition, applied, hasCommits: true, _stop.Token);
    }

    private Dictionary<int, long> Forget(IReadOnlyList<int> partitions)
    {
        var taken = new Dictionary<int, long>();
        foreach (int partition in partitions)
        {
            long last = _reader.Remove(partition, _readAhead);
            if (last >= 0)
                taken[partition] = _taken[partition] = last;
        }
        return taken;
    }
}
