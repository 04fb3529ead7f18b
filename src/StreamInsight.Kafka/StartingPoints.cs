using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Where to start reading a partition that was assigned to us. What the state store has applied decides; for a partition it does not know, what the group has
/// committed; else the beginning. Any thread.
/// </summary>
internal sealed class StartingPoints(KafkaOptions options)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>How long brokers may fail to answer before it is given up; the membership lives on meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="consumer">To ask.</param>
    /// <param name="partition">Which.</param>
    /// <param name="applied">The last offset in the state store; null = it does not know the partition.</param>
    /// <param name="hasCommits">Whether the group commits offsets of this topic.</param>
    /// <param name="cancel">Stops the asking.</param>
    public Offset Choose<T>(IConsumer<Ignore, T> consumer, TopicPartition partition, long? applied, bool hasCommits, CancellationToken cancel)
    {
        if (applied is { } last)
        {
            RefuseIfRecreated(consumer, partition, last, cancel);
            return last + 1;
        }
        var committed = hasCommits ? Committed(consumer, [partition], cancel)[partition] : Offset.Unset;
        if (committed != Offset.Unset)
        {
            if (Ask(consumer, partition, cancel) is { } known)
                TellGap(partition, committed.Value, known.Low.Value);
            return committed;
        }
        // Never read: from the first record on that is still there. Not by its number: see Ask.
        return Offset.Beginning;
    }

    /// <summary>
    /// A topic that ends before what was applied of it is another topic of that name: the new one's records would be taken for applied ones, and skipped.
    /// </summary>
    private void RefuseIfRecreated<T>(IConsumer<Ignore, T> consumer, TopicPartition partition, long last, CancellationToken cancel)
    {
        if (Ask(consumer, partition, cancel) is not { } offsets)
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

    /// <summary>What the group has committed; <see cref="Offset.Unset"/> = nothing.</summary>
    public Dictionary<TopicPartition, Offset> Committed<T>(IConsumer<Ignore, T> consumer, IReadOnlyList<TopicPartition> partitions, CancellationToken cancel)
    {
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return consumer.Committed(partitions, Timeout).ToDictionary(p => p.TopicPartition, p => p.Offset);
            }
            catch (KafkaException e)
            {
                if (e.Error.IsFatal || Environment.TickCount64 > until)
                    throw new DependencyUnavailableException($"Kafka at {options.Servers} does not tell what group {options.Group} has committed: {e.Error.Reason}", e);
                options.Warn?.Invoke($"{KafkaConnection.Describe(e.Error)}: asking again what the group has committed");
                Thread.Sleep(200);
            }
        }
    }

    /// <summary>
    /// Where a partition begins and ends; null = it cannot be told now. The client asks for both at once and tells the answers apart by their order: when a broker refuses one
    /// and it is repeated, the end stands for the beginning too. So only what was answered twice in a row counts, and nothing is ever skipped because of it.
    /// </summary>
    private static WatermarkOffsets? Ask<T>(IConsumer<Ignore, T> consumer, TopicPartition partition, CancellationToken cancel)
    {
        WatermarkOffsets? before = null;
        for (int tries = 0; tries < 6; tries++)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                WatermarkOffsets now = consumer.QueryWatermarkOffsets(partition, Timeout);
                if (before is not null && before.Low == now.Low && before.High.Value <= now.High.Value)
                    return now;
                before = now;
            }
            catch (KafkaException)
            {
                // A partition whose leader has just moved answers the next time.
                Thread.Sleep(200);
            }
        }
        return null;
    }
}
