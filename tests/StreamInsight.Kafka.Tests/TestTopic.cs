using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>An embedded broker with a topic of its own, and the plain client to fill and read it.</summary>
internal sealed class TestTopic : IDisposable
{
    public const string Events = "insight.events";

    public TestTopic(int partitions = 2)
    {
        Broker = EmbeddedBroker.Start();
        Broker.CreateTopic(Events, partitions);
        Broker.CreateTopic(KafkaOptions.DefaultHandoverTopic, partitions);
        Options = new KafkaOptions
        {
            Servers = Broker.Servers,
            CommitInterval = TimeSpan.FromMilliseconds(50),
            Warn = Warnings.Enqueue,
            // The embedded broker waits nearly a session timeout at every change of a group.
            SessionTimeout = TimeSpan.FromSeconds(2),
        };
    }

    public EmbeddedBroker Broker { get; }

    public KafkaOptions Options { get; set; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>Sends messages with keys, so that a key's messages stay in order; returns when the broker has all of them.</summary>
    public void Produce(IEnumerable<(string Key, string Value, long TimeMs)> messages, string topic = Events)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = Broker.Servers, LingerMs = 1 })
            .SetLogHandler((_, _) => { }).Build();
        foreach (var (key, value, timeMs) in messages)
            producer.Produce(topic, new Message<string, string> { Key = key, Value = value, Timestamp = new Timestamp(timeMs, TimestampType.CreateTime) });
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    public void Produce(int count, int from = 0) =>
        Produce(Enumerable.Range(from, count).Select(i => ($"u{i % 17}", $"{{\"n\":{i}}}", 1_000_000L + i)));

    /// <summary>The same count for each of the first partitions, with <c>{"p":partition,"n":number}</c> as values; returns when the broker has all of them.</summary>
    public void ProduceToEach(int partitions, int count, int from = 0)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = Broker.Servers, LingerMs = 1 })
            .SetLogHandler((_, _) => { }).Build();
        for (int n = from; n < from + count; n++)
        {
            for (int p = 0; p < partitions; p++)
                producer.Produce(new TopicPartition(Events, p), new Message<Null, string> { Value = $"{{\"p\":{p},\"n\":{n}}}", Timestamp = new Timestamp(1_000_000L + n, TimestampType.CreateTime) });
        }
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    /// <summary>Everything that a plain consumer finds in a topic until it has <paramref name="count"/> messages.</summary>
    public List<ConsumeResult<string, byte[]>> ReadAll(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = Broker.Servers, GroupId = "reader-" + Guid.NewGuid(), AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(topic);
        var found = new List<ConsumeResult<string, byte[]>>();
        while (found.Count < count)
            found.Add(consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"{found.Count} of {count} messages came"));
        consumer.Close();
        return found;
    }

    /// <summary>Reads until <paramref name="count"/> records have come, as the pipeline does.</summary>
    public static async Task<List<Taken>> TakeAsync(IEventSource source, int count, int batchSize = 256)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var taken = new List<Taken>();
        var batch = new RecordBatch(batchSize);
        while (taken.Count < count)
        {
            await source.ReadAsync(batch, limit.Token);
            taken.AddRange(Records(batch));
            batch.Clear();
        }
        return taken;
    }

    public static IEnumerable<Taken> Records(RecordBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
            yield return new Taken(Encoding.UTF8.GetString(batch[i].Bytes.Span), batch[i].RecordTimeMs, batch[i].Source, batch[i].Offset);
    }

    /// <summary>By partition, the last offset among records.</summary>
    public static Dictionary<string, long> Positions(IEnumerable<Taken> records) =>
        records.GroupBy(r => r.Source).ToDictionary(g => g.Key, g => g.Max(r => r.Offset));

    public void Dispose() => Broker.Dispose();

    public sealed record Taken(string Text, long TimeMs, string Source, long Offset);
}
