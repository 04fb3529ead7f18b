using System.Collections.Concurrent;
using Confluent.Kafka;
using StreamInsight.Kafka;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>
/// A broker in this process, which survives the service, and a producer that fills its partitions, each with customers of its own: often several records in
/// one millisecond. A record's time is a little ahead of the clock, so that no record can be read after the wall clock has passed it.
/// </summary>
public sealed class KafkaLoad : IDisposable
{
    private const int Partitions = 3;
    private const int AheadMs = 1000;

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly ConcurrentBag<(TopicPartitionOffset At, string Body, long RecordTimeMs)> _acknowledged = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly IProducer<Null, string> _producer;
    private readonly Task _sender;

    public KafkaLoad(int seed)
    {
        _broker.CreateTopic(KafkaOptions.DefaultEventsTopic, Partitions);
        _producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _broker.Servers, LingerMs = 1, EnableIdempotence = true })
            .SetLogHandler((_, _) => { }).Build();
        _sender = Task.Run(() => SendAsync(new Random(seed)));
    }

    public string Servers => _broker.Servers;

    /// <summary>The records that the broker has, with their record times, by partition in order.</summary>
    public IEnumerable<(string Body, long RecordTimeMs)> Acknowledged => _acknowledged
        .OrderBy(r => r.At.Partition.Value).ThenBy(r => r.At.Offset.Value).Select(r => (r.Body, r.RecordTimeMs));

    /// <summary>Records acknowledged after their own time: for those, nothing is promised.</summary>
    public int Overdue { get; private set; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sender;
        _producer.Flush(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        _producer.Dispose();
        _broker.Dispose();
    }

    private async Task SendAsync(Random random)
    {
        for (int n = 0; !_stop.IsCancellationRequested; n++)
        {
            int partition = random.Next(Partitions);
            long atMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + AheadMs;
            var message = new Message<Null, string> { Value = LoadMessages.Next($"k{n}", $"k{partition}-", random), Timestamp = new Timestamp(atMs, TimestampType.CreateTime) };
            _producer.Produce(new TopicPartition(KafkaOptions.DefaultEventsTopic, partition), message, report => Delivered(report, atMs));
            if (random.Next(3) == 0)
                await Task.Delay(random.Next(60));
        }
    }

    private void Delivered(DeliveryReport<Null, string> report, long atMs)
    {
        if (report.Error.IsError)
            throw new InvalidOperationException($"The broker of the test has not taken a record: {report.Error.Reason}");
        if (atMs < DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
            Overdue++;
        // The time in the report is the broker's own.
        _acknowledged.Add((report.TopicPartitionOffset, report.Message.Value, atMs));
    }
}
