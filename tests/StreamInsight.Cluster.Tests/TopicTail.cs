using Confluent.Kafka;

namespace StreamInsight.Cluster.Tests;

/// <summary>
/// Reads a topic while it grows, with a plain consumer in no group: the embedded broker does not keep all of a long run, and gives what it keeps one producer's batch at a time.
/// </summary>
/// <param name="servers">The brokers.</param>
/// <param name="topic">The topic, from its first record on.</param>
/// <param name="partitions">Its partitions.</param>
/// <param name="take">Called with each record, on one thread.</param>
public sealed class TopicTail(string servers, string topic, int partitions, Action<ConsumeResult<Ignore, byte[]>> take)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _next = new long[partitions];
    private Task _reading = Task.CompletedTask;

    public TopicTail Start()
    {
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
        return this;
    }

    /// <summary>Returns when everything that is in the topic now was taken, and nothing more is. Fails where a record was gone before it was read.</summary>
    public async Task FinishAsync()
    {
        long[] ends = await TopicEnds.OfAsync(servers, topic, partitions);
        while (!_reading.IsCompleted && Enumerable.Range(0, partitions).Any(p => Volatile.Read(ref _next[p]) < ends[p]))
            await Task.Delay(50);
        await _stop.CancelAsync();
        await _reading;
    }

    private void Read()
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers, GroupId = "tail", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Error, FetchWaitMaxMs = 50,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, 0)));
        while (!_stop.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result)
                continue;
            Assert.Equal(_next[result.Partition.Value], result.Offset.Value);
            take(result);
            Volatile.Write(ref _next[result.Partition.Value], result.Offset.Value + 1);
        }
    }
}
