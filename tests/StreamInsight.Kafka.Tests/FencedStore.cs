namespace StreamInsight.Kafka;

/// <summary>What the nodes of a test share: by partition the records applied, in order, and by source the last offset; a write of an earlier opening is refused.</summary>
internal sealed class FencedStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, PartitionOfStore> _partitions = [];

    /// <summary>Opens a partition for writing: whoever had it open can write no more. Tells the generation and the positions.</summary>
    public (long Generation, Dictionary<string, long> Applied) Open(int partition)
    {
        lock (_lock)
        {
            var found = Of(partition);
            return (++found.Generation, new(found.Applied));
        }
    }

    /// <summary>Applies what is new among the records, as one commit; false = another has opened the partition since.</summary>
    public bool TryCommit(int partition, long generation, IReadOnlyList<TestTopic.Taken> records)
    {
        lock (_lock)
        {
            var found = Of(partition);
            if (found.Generation != generation)
                return false;
            foreach (var record in records)
            {
                if (record.Offset <= found.Applied.GetValueOrDefault(record.Source, -1))
                    continue;
                found.Records.Add(record);
                found.Applied[record.Source] = record.Offset;
            }
            return true;
        }
    }

    /// <summary>A partition's positions, as if an earlier run had left them.</summary>
    public void Set(int partition, string source, long offset)
    {
        lock (_lock)
            Of(partition).Applied[source] = offset;
    }

    public List<TestTopic.Taken> Records(int partition)
    {
        lock (_lock)
            return [.. Of(partition).Records];
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _partitions.Values.Sum(partition => partition.Records.Count);
        }
    }

    private PartitionOfStore Of(int partition)
    {
        if (!_partitions.TryGetValue(partition, out var found))
            _partitions[partition] = found = new PartitionOfStore();
        return found;
    }

    private sealed class PartitionOfStore
    {
        public long Generation { get; set; }

        public Dictionary<string, long> Applied { get; } = [];

        public List<TestTopic.Taken> Records { get; } = [];
    }
}
