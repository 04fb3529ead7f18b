using System.Diagnostics;
using System.Globalization;
using System.Text;
using StackExchange.Redis;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;

namespace StreamInsight.Bench.State;

/// <summary>
/// What the state store of one partition costs on a given Redis: commits of several sizes, loads, and memory. Customers of 400 bytes of state, each with a timer; a fact of 200 bytes for each
/// tenth; one position. It writes under a prefix of its own and removes what it wrote.
/// </summary>
internal sealed class RedisStateBench(string address, int customers, double seconds) : IDisposable
{
    private const int StateBytes = 400, FactBytes = 200, FillCommit = 5000;

    private readonly RedisOptions _options = new() { Address = address, Prefix = $"bench{Environment.ProcessId}:", CommandTimeout = TimeSpan.FromSeconds(60) };
    private readonly Random _random = new(42);
    private readonly ConnectionMultiplexer _redis = ConnectionMultiplexer.Connect(address + ",allowAdmin=true");
    private long _facts;

    /// <summary>A table in Markdown.</summary>
    public string Measure()
    {
        using var node = new RedisNode(_options);
        var identity = new RedisStoreIdentity { Group = "bench", Partitions = 1, Model = "bench@1", ModelLayout = "bench" };
        using RedisStateStore store = RedisStateStore.Claim(node, 0, identity);
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"Redis {Info("server", "redis_version")}, appendonly {Setting("appendonly")}, appendfsync {Setting("appendfsync")}; {customers:N0} customers, states of {StateBytes} bytes");
        table.AppendLine().AppendLine("| | commits/s | customers/s | ms, median | ms, 99 % |").AppendLine("|---|---:|---:|---:|---:|");
        Fill(store, table);
        foreach (int size in (int[])[1, 100, 5000])
            Commits(store, size, table);
        table.AppendLine().AppendLine("| | a second | ms, median | ms, 99 % |").AppendLine("|---|---:|---:|---:|");
        Loads(store, table);
        return table.ToString();
    }

    public void Dispose()
    {
        IDatabase database = _redis.GetDatabase();
        foreach (IServer server in _redis.GetEndPoints().Select(point => _redis.GetServer(point)))
        {
            foreach (RedisKey key in server.Keys(pattern: _options.Prefix + "*"))
                database.KeyDelete(key);
        }
        _redis.Dispose();
    }

    private void Fill(RedisStateStore store, StringBuilder table)
    {
        long before = Memory();
        long started = Stopwatch.GetTimestamp();
        var times = new List<double>();
        for (int from = 0; from < customers; from += FillCommit)
            times.Add(Commit(store, Enumerable.Range(from, Math.Min(FillCommit, customers - from)), isNew: true, hasFacts: false));
        Row(table, $"new, with an id each, {FillCommit:N0} a commit", times, customers, Stopwatch.GetElapsedTime(started));
        table.Insert(0, string.Create(CultureInfo.InvariantCulture, $"Memory: {(Memory() - before) / (double)customers:F0} bytes a customer (state, timer, one id linked to it).\n\n"));
    }

    private void Commits(RedisStateStore store, int size, StringBuilder table)
    {
        long started = Stopwatch.GetTimestamp();
        var times = new List<double>();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            times.Add(Commit(store, Enumerable.Range(0, size).Select(_ => _random.Next(customers)).Distinct(), isNew: false, hasFacts: true));
        Row(table, $"{size:N0} a commit", times, times.Count * (long)size, Stopwatch.GetElapsedTime(started));
    }

    private double Commit(RedisStateStore store, IEnumerable<int> who, bool isNew, bool hasFacts)
    {
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        foreach (int i in who)
        {
            byte[] state = new byte[StateBytes];
            _random.NextBytes(state);
            checkpoint.Changes.Customers.Add(new CustomerRow(Customer(i), 1_700_000_000_000 + _random.Next(), "buyer", state));
            if (isNew)
                checkpoint.Changes.Ids.Add(new IdRow($"anonymous-{i:D8}", Customer(i), false, 0));
            if (hasFacts && checkpoint.Changes.Customers.Count % 10 == 1)
                checkpoint.Facts.Add(Fact(Customer(i)));
        }
        checkpoint.Positions["insight.events/0"] = _facts;
        checkpoint.TrimFactsTo = Math.Max(0, _facts - 100_000);
        long started = Stopwatch.GetTimestamp();
        store.Commit(checkpoint);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private void Loads(RedisStateStore store, StringBuilder table)
    {
        Ask("one customer and its id", 1, () =>
        {
            string customer = Customer(_random.Next(customers));
            store.LoadId(customer);
            store.LoadCustomer(customer);
        });
        Ask("256 customers and ids, prefetched", 256, () =>
        {
            string[] some = [.. Enumerable.Range(0, 256).Select(_ => Customer(_random.Next(customers)))];
            store.Prefetch(some);
            foreach (string customer in some)
            {
                store.LoadId(customer);
                store.LoadCustomer(customer);
            }
        });
        Ask("a page of 1,024 timers", 1024, () => store.LoadTimers(new StoredTimer(1_700_000_000_000 + _random.Next(), ""), long.MaxValue, 1024));

        void Ask(string what, int count, Action ask)
        {
            var times = new List<double>();
            long began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                long started = Stopwatch.GetTimestamp();
                ask();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            times.Sort();
            double perSecond = times.Count * (double)count / Stopwatch.GetElapsedTime(began).TotalSeconds;
            table.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {perSecond:N0} | {times[times.Count / 2]:F2} | {times[times.Count * 99 / 100]:F2} |");
        }
    }

    private static void Row(StringBuilder table, string what, List<double> times, long customers, TimeSpan took)
    {
        times.Sort();
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {what} | {times.Count / took.TotalSeconds:N0} | {customers / took.TotalSeconds:N0} | {times[times.Count / 2]:F2} | {times[times.Count * 99 / 100]:F2} |");
    }

    private OutboxFact Fact(string customer) => new()
    {
        Position = ++_facts, Id = "00112233445566778899aabbccddeeff", Customer = customer, Seq = _facts, AtMs = _facts, Kind = FactKind.SegmentEntered, Cause = "event:m1", Subject = "big",
        Line = new byte[FactBytes],
    };

    private static string Customer(int i) => $"customer-{i:D8}";

    private long Memory() => long.Parse(Info("memory", "used_memory"), CultureInfo.InvariantCulture);

    private string Info(string section, string name) =>
        ((string)_redis.GetDatabase().Execute("INFO", section)!).Split('\n').First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

    private string Setting(string name) => (string)((RedisResult[])_redis.GetDatabase().Execute("CONFIG", "GET", name)!)[1]!;
}
