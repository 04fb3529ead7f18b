using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// What the consumer thread has read of a topic and the pipeline has not taken yet, with how far each assigned partition has come. Bounded by the consumer thread, which
/// stops reading when <see cref="IsFull"/>. All members may be called from any thread.
/// </summary>
internal sealed class ReadAhead(string topic, int maxRecords, int maxBytes)
{
    /// <summary>A horizon before every timer.</summary>
    public const long NoTimerYet = RecordBatch.NoHorizon + 1;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, PartitionProgress> _partitions = [];
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private Queue<Entry> _entries = new();
    private long _bytes;
    private Look? _look;
    private long _horizonMs = NoTimerYet;

    public bool IsFull { get { lock (_lock) return IsAtLimit; } }

    public bool HasRoomAgain { get { lock (_lock) return _entries.Count <= maxRecords / 4 && _bytes <= maxBytes / 4; } }

    /// <summary>True when everything that was there at the last look has been taken, so that another look would tell more.</summary>
    public bool WantsLook { get { lock (_lock) return _partitions.Count > 0 && (_look is null || LeastTimeBehind(_look) is null); } }

    /// <summary>Records that the brokers had at the last look and the pipeline has not taken; null = not known.</summary>
    public long? Lag
    {
        get
        {
            lock (_lock)
                return _look is null ? null : _partitions.Sum(pair => Math.Max(0, _look.Ends[pair.Key] - pair.Value.Next));
        }
    }

    /// <summary>A partition is ours; <paramref name="next"/> = the first offset that will come.</summary>
    public void Assign(int partition, long next)
    {
        lock (_lock)
        {
            _partitions[partition] = new PartitionProgress(Partition.Name(topic, partition), next);
            // Whatever was known of the horizon was known of other partitions.
            _look = null;
            _horizonMs = NoTimerYet;
        }
    }

    /// <summary>
    /// A partition is no longer ours: what waits of it is forgotten, its next owner will read it. Returns the offset of the last record that the pipeline has taken, or -1.
    /// </summary>
    public long Revoke(int partition)
    {
        lock (_lock)
        {
            if (!_partitions.Remove(partition, out var progress))
                return -1;
            _entries = new Queue<Entry>(_entries.Where(entry => entry.Partition != progress));
            _bytes = _entries.Sum(entry => (long)entry.Size);
            return progress.LastTaken;
        }
    }

    /// <summary>False: it is full now.</summary>
    public bool Add(int partition, long offset, long timeMs, byte[]? value)
    {
        lock (_lock)
        {
            if (Enqueue(partition, offset, timeMs, value ?? [], isEnd: false) && _arrived.CurrentCount == 0)
                _arrived.Release();
            return !IsAtLimit;
        }
    }

    /// <summary>The consumer has reached the end of a partition: <paramref name="next"/> is the offset that the next record will have.</summary>
    public void AddEnd(int partition, long next)
    {
        lock (_lock)
            Enqueue(partition, next, 0, [], isEnd: true);
    }

    /// <summary>What the brokers answered when asked at <paramref name="atMs"/>: by partition, the offset that its next record would have had.</summary>
    public void Looked(long atMs, IReadOnlyDictionary<int, long> ends)
    {
        lock (_lock)
        {
            if (_partitions.Keys.All(ends.ContainsKey))
                _look = new Look(atMs, ends);
        }
    }

    /// <summary>Returns when there is something to take, or after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        lock (_lock)
            return _entries.Count > 0 ? Task.CompletedTask : _arrived.WaitAsync(atMost, cancel);
    }

    /// <summary>Moves what is there into the batch until it is full, and tells the batch its horizon.</summary>
    public void Take(RecordBatch batch)
    {
        lock (_lock)
        {
            while (!batch.IsFull && _entries.TryDequeue(out var entry))
            {
                var progress = entry.Partition;
                _bytes -= entry.Size;
                progress.Next = Math.Max(progress.Next, entry.IsEnd ? entry.Offset : entry.Offset + 1);
                if (entry.IsEnd)
                    continue;
                progress.LastTaken = entry.Offset;
                progress.LastTimeMs = entry.TimeMs;
                batch.Add(entry.Value, entry.TimeMs, progress.Name, entry.Offset);
            }
            SetHorizon(batch);
        }
    }

    private bool IsAtLimit => _entries.Count >= maxRecords || _bytes >= maxBytes;

    private bool Enqueue(int partition, long offset, long timeMs, byte[] value, bool isEnd)
    {
        if (!_partitions.TryGetValue(partition, out var progress))
            return false; // taken away meanwhile
        var entry = new Entry(progress, offset, timeMs, value, isEnd);
        _entries.Enqueue(entry);
        _bytes += entry.Size;
        return true;
    }

    private void SetHorizon(RecordBatch batch)
    {
        if (_look is not null && _partitions.Count > 0)
        {
            var behind = LeastTimeBehind(_look);
            _horizonMs = Math.Max(_horizonMs, behind ?? _look.AtMs);
            batch.IsCaughtUp = behind is null && _entries.Count == 0;
        }
        batch.HorizonMs = _horizonMs;
    }

    /// <summary>Null when everything of the look was taken; else the least of the last record times of the partitions that have more.</summary>
    private long? LeastTimeBehind(Look look)
    {
        long? least = null;
        foreach ((int partition, var progress) in _partitions)
        {
            if (progress.Next < look.Ends[partition])
                least = Math.Min(least ?? long.MaxValue, progress.LastTimeMs);
        }
        return least;
    }

    private sealed record Look(long AtMs, IReadOnlyDictionary<int, long> Ends);

    private readonly record struct Entry(PartitionProgress Partition, long Offset, long TimeMs, byte[] Value, bool IsEnd)
    {
        // About what the entry and the array's header cost on top.
        public int Size => Value.Length + 64;
    }
}
