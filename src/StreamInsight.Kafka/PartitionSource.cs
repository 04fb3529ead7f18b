using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>One partition of one topic, for the pipeline that has the partition's customers. Reads nothing more once it is closed, but keeps its horizon.</summary>
internal sealed class PartitionSource(KafkaOptions options, string name, TopicPartition partition, PartitionReader reader, DurableOffsets? durable) : IEventSource
{
    private readonly ReadAhead _readAhead = new(partition.Topic, options.PartitionBufferedRecords, options.PartitionBufferedBytes);
    private readonly Lock _lock = new();
    private bool _isReading;
    private bool _isClosed;

    public string Name => name;

    public bool CarriesHandovers => partition.Topic == options.HandoverTopic;

    public long? Lag => _readAhead.Lag;

    public async Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        long? last = applied.TryGetValue(Partition.Name(partition.Topic, partition.Partition.Value), out long found) ? found : null;
        // The client's questions block.
        Offset start = await Task.Run(() => new StartingPoints(options).Choose(reader.Consumer, partition, last, hasCommits: durable is not null, cancel), cancel).ConfigureAwait(false);
        lock (_lock)
        {
            if (_isClosed)
                throw new OperationCanceledException($"{partition.Topic}/{partition.Partition.Value} went to another node while it was taken.");
            reader.Add(partition.Partition.Value, start, _readAhead);
            _isReading = true;
        }
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        await _readAhead.WaitAsync(IEventSource.Heartbeat, cancel).ConfigureAwait(false);
        reader.ThrowIfFailed();
        _readAhead.Take(batch);
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied) => durable?.Moved(applied);

    /// <summary>The partition is another node's from now on, or nobody's: what was not taken is forgotten.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_isReading && !_isClosed)
                reader.Remove(partition.Partition.Value, _readAhead);
            _isClosed = true;
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }
}
