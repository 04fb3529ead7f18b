using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Cluster.Tests;

/// <summary>
/// Sends what people do into the events topic, each person's events by one partition.
/// <para>
/// Half of the people are <b>local</b>: all their ids live in the partition by which their events come, in the first half of the partitions, and the record time is a little ahead of the clock, so
/// that the brokers have no record after the wall clock has passed it. Their timers fire by the wall clock, and whatever is killed, the backlog comes first. Of half of them a takeover lasts longer
/// than they are ahead; the other half is far enough ahead to be judged on a machine where the brokers have to wait for the processor, too.
/// </para>
/// <para>
/// The others <b>roam</b>: their ids live anywhere, so their events cross partitions, and their merges too. Half of those are sent by producers that key by user, half by any partition of the
/// second half. A killed node holds up what crosses it for longer than any timer, and nobody promises that timers wait for other partitions: so their record time is half an hour ahead
/// of the clock, and only their own records move them on.
/// </para>
/// </summary>
public sealed class EventLoad : IDisposable
{
    private const int NearAheadMs = 4_000, FarAheadMs = 12_000, RoamingAheadMs = 1_800_000;

    private readonly ClusterSettings _settings;
    private readonly string _topic;
    private readonly Random _random;
    private readonly (Person Person, int Partition, bool Roams)[] _people;
    private readonly IProducer<string?, string> _producer;
    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentDictionary<int, bool> _overdue = new();
    private volatile bool _mayEnd;
    private int _sent;
    private int _acknowledged;

    public EventLoad(ClusterSettings settings, string servers, string topic)
    {
        _settings = settings;
        _topic = topic;
        _random = new Random(settings.Seed);
        var homes = new HomePartitions(settings.Partitions);
        _people = [.. Enumerable.Range(0, settings.People).Select(n => Born(n, homes))];
        // Few, large batches: the embedded broker searches all batches of a partition for every read.
        _producer = new ProducerBuilder<string?, string>(new ProducerConfig
        {
            BootstrapServers = servers, LingerMs = 150, EnableIdempotence = true, CompressionType = CompressionType.Lz4, QueueBufferingMaxMessages = 1_000_000,
        }).SetLogHandler((_, _) => { }).Build();
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Merges => _people.Sum(p => p.Person.Links);

    public int RoamingMerges => _people.Where(p => p.Roams).Sum(p => p.Person.Links);

    /// <summary>Local people with a record that the brokers acknowledged after its own time, on a machine that is busy with other things: for them, nothing is promised.</summary>
    public IReadOnlyCollection<int> Overdue => (IReadOnlyCollection<int>)_overdue.Keys;

    /// <summary>The kills are over: it ends when all events are sent.</summary>
    public void MayEnd() => _mayEnd = true;

    /// <summary>All events at the rate, and more at a fifth of it until it may end; then waits until the brokers have them.</summary>
    public async Task SendAllAsync(CancellationToken stop)
    {
        long nextAt = Stopwatch.GetTimestamp();
        for (int n = 0; (n < _settings.Events || !_mayEnd) && !stop.IsCancellationRequested; n++)
        {
            nextAt += Stopwatch.Frequency / (n < _settings.Events ? _settings.Rate : Math.Max(1, _settings.Rate / 5));
            double early = (nextAt - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency;
            if (early > 0.02)
                await Task.Delay(TimeSpan.FromSeconds(early), stop);
            (Person person, int partition, bool roams) = _people[_random.Next(_people.Length)];
            Send(person, partition, roams, person.Next($"m{n}", _random));
        }
        Flush();
    }

    /// <summary>When all is quiet: an event of everyone who roams by a partition they never used, and stragglers of ids merged long ago. Returns how many.</summary>
    public int SendBelated(int most)
    {
        int before = Sent;
        foreach ((Person person, _, bool roams) in _people.Where(p => p.Roams).Take(most))
        {
            string id = $"late{Sent}";
            Send(person, _random.Next(_settings.Partitions / 2, _settings.Partitions), roams, person.Straggler(id, _random) ?? person.Own(id, _random));
        }
        Flush();
        return Sent - before;
    }

    public void Dispose() => _producer.Dispose();

    private (Person Person, int Partition, bool Roams) Born(int number, HomePartitions homes)
    {
        bool roams = number % 2 == 0;
        if (!roams)
        {
            int home = _random.Next(_settings.Partitions / 2);
            return (new Person(number, home, homes), home, false);
        }
        var person = new Person(number, null, homes);
        int partition = homes.Of(Encoding.UTF8.GetBytes(person.User));
        bool isKeyed = number % 4 == 0 && partition >= _settings.Partitions / 2;
        return (person, isKeyed ? partition : _random.Next(_settings.Partitions / 2, _settings.Partitions), true);
    }

    private void Send(Person person, int partition, bool roams, string body)
    {
        long atMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + (roams ? RoamingAheadMs : person.Number % 4 == 1 ? NearAheadMs : FarAheadMs);
        var message = new Message<string?, string> { Key = person.User, Value = body, Timestamp = new Timestamp(atMs, TimestampType.CreateTime) };
        _producer.Produce(new TopicPartition(_topic, partition), message, report =>
        {
            if (report.Error.IsError)
                _failures.Add(report.Error.Reason);
            if (!roams && atMs < DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
                _overdue[person.Number] = true;
            Interlocked.Increment(ref _acknowledged);
        });
        _sent++;
    }

    private void Flush()
    {
        _producer.Flush(TimeSpan.FromSeconds(60));
        Assert.Empty(_failures);
        Assert.Equal(Sent, Acknowledged);
    }
}
