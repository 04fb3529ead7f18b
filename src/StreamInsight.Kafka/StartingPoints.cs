using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Where to start reading a partition that was assigned to us. What this process's state store has applied decides; for a partition it does not know, what the group has
/// committed; else the beginning. On the consumer thread only.
/// </summary>
internal sealed class StartingPoints(KafkaOptions options, IReadOnlyDictionary<string, long> applied)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, long> _taken = [];

    /// <summary>A partition is given away after the pipeline took this offset: it is not to be read again if the partition comes back.</summary>
    public void Taken(int partition, long offset) => _taken[partition] = offset;

    public List<TopicPartitionOffset> Choose<T>(IConsumer<Ignore, T> consumer, List<TopicPartition> partitions)
    {
        var committed = Committed(consumer, partitions);
        return [.. partitions.Select(partition => new TopicPartitionOffset(partition, Choose(consumer, partition, committed.GetValueOrDefault(partition, Offset.Unset))))];
    }

    private Offset Choose<T>(IConsumer<Ignore, T> consumer, TopicPartition partition, Offset committed)
    {
        if (_taken.TryGetValue(partition.Partition.Value, out long taken))
            return Math.Max(taken + 1, committed.Value); // another process may have come further
        if (applied.TryGetValue(Partition.Name(partition.Topic, partition.Partition.Value), out long last))
        {
            RefuseIfRecreated(consumer, partition, last);
            return last + 1;
        }
        if (committed != Offset.Unset)
        {
            if (Ask(consumer, partition) is { } known)
                TellGap(partition, committed.Value, known.Low.Value);
            return committed;
        }
        // Never read: from the first record on that is still there. Asked for by number, so that progress can be told from the start.
        return Ask(consumer, partition)?.Low ?? Offset.Beginning;
    }

    /// <summary>
    /// A topic that ends before what was applied of it is another topic of that name: the new one's records would be taken for applied ones, and skipped.
    /// </summary>
    private void RefuseIfRecreated<T>(IConsumer<Ignore, T> consumer, TopicPartition partition, long last)
    {
        if (Ask(consumer, partition) is not { } offsets)
            return;
        if (offsets.High.Value <= last)
            throw new DependencyUnavailableException(
                $"Kafka's {partition.Topic}/{partition.Partition.Value} ends at offset {offsets.High.Value}, but the state store has applied offset {last}: the topic was created anew. "
                + "Start with an empty state store, or read a topic of another name.");
        TellGap(partition, last + 1, offsets.Low.Value);
    }

    /// <summary>Records between were deleted before anybody read them: told, or a reason to stop.</summary>
    private void TellGap(TopicPartition partition, long next, long low)
    {
        if (low <= next)
            return;
        string gap = $"{low - next} records of {partition.Topic}/{partition.Partition.Value} were deleted by the topic's retention before they were read";
        if (options.StopsAtGaps)
            throw new DependencyUnavailableException($"Kafka: {gap}, and kafka.offset_reset is error. Set it to earliest to go on without them.");
        options.Warn?.Invoke($"Kafka: {gap}");
    }

    private Dictionary<TopicPartition, Offset> Committed<T>(IConsumer<Ignore, T> consumer, List<TopicPartition> partitions)
    {
        try
        {
            return consumer.Committed(partitions, Timeout).ToDictionary(p => p.TopicPartition, p => p.Offset);
        }
        catch (KafkaException e)
        {
            throw new DependencyUnavailableException($"Kafka at {options.Servers} does not tell what group {options.Group} has committed: {e.Error.Reason}", e);
        }
    }

    private static WatermarkOffsets? Ask<T>(IConsumer<Ignore, T> consumer, TopicPartition partition)
    {
        try
        {
            return consumer.QueryWatermarkOffsets(partition, Timeout);
        }
        catch (KafkaException)
        {
            return null;
        }
    }
}
