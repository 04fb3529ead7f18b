using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace StreamInsight.Bench.Live;

/// <summary>Sends W without timestamps at a steady rate, every hundredth event a probe, keyed by customer as Kafka's Java producers do.</summary>
internal sealed class OpenLoad
{
    private const int ProbeEvery = 100;

    private readonly int _rate;
    private readonly (byte[] Key, byte[] Message)[] _events;
    private readonly IProducer<byte[], byte[]> _producer;
    private long _startedAt;

    public OpenLoad(string servers, int rate, int seconds)
    {
        _rate = rate;
        _events = [.. new WorkloadW(rate * seconds).Messages(isTimed: false).Select((one, i) => i % ProbeEvery == 0 ? Probe(i) : (Encoding.UTF8.GetBytes(one.Customer), Encoding.UTF8.GetBytes(one.Message)))];
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = servers, LingerMs = 2, Partitioner = Partitioner.Murmur2, QueueBufferingMaxMessages = 2_000_000, EnableDeliveryReports = false,
        }).SetLogHandler((_, _) => { }).Build();
    }

    public int Probes => (_events.Length + ProbeEvery - 1) / ProbeEvery;

    /// <summary>When an event was to arrive, in ticks of <see cref="Stopwatch"/>.</summary>
    public long IntendedAt(int probe) => _startedAt + (long)((double)probe * ProbeEvery / _rate * Stopwatch.Frequency);

    public double SecondsIntoRun(int probe) => (double)probe * ProbeEvery / _rate;

    public static int NumberOf(string customer) => int.Parse(customer.AsSpan(1)) / ProbeEvery;

    /// <summary>On a thread of its own, in steps of a millisecond; what the machine held back is sent at once.</summary>
    public Task SendAsync() => Task.Factory.StartNew(Send, TaskCreationOptions.LongRunning);

    private void Send()
    {
        _startedAt = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < _events.Length; Thread.Sleep(1))
        {
            int due = (int)Math.Min(_events.Length, Stopwatch.GetElapsedTime(_startedAt).TotalSeconds * _rate);
            for (; sent < due; sent++)
                _producer.Produce("insight.events", new Message<byte[], byte[]> { Key = _events[sent].Key, Value = _events[sent].Message });
        }
        _producer.Flush(TimeSpan.FromSeconds(30));
        _producer.Dispose();
    }

    private static (byte[] Key, byte[] Message) Probe(int i) =>
        (Encoding.UTF8.GetBytes($"p{i}"), Encoding.UTF8.GetBytes($$"""{"type":"track","event":"probe","userId":"p{{i}}","messageId":"probe{{i}}","context":{"channel":"web"} }"""));
}
