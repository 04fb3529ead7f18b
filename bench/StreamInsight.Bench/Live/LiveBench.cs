using System.Diagnostics;
using System.Globalization;
using StreamInsight.Kafka;

namespace StreamInsight.Bench.Live;

/// <summary>
/// Open loop: events arrive at a steady rate whatever the service does; latency counts from the moment an event was to arrive to the moment its trigger can be read in Redis. Generator, broker
/// (librdkafka's, in this process), Redis and service share the machine. Every hundredth event is a probe, a new customer who enters a segment by it.
/// </summary>
/// <param name="service">The streaminsight program: a .dll.</param>
/// <param name="rate">Events a second.</param>
/// <param name="seconds">How long is measured, after <see cref="WarmUpSeconds"/>.</param>
/// <param name="nodes">Processes of a cluster, their state in Redis; 0 = one process, its state in SQLite.</param>
internal sealed class LiveBench(string service, int rate, int seconds, int nodes) : IAsyncDisposable
{
    private const int WarmUpSeconds = 10;
    /// <summary>Few, so that batches are not small: librdkafka's broker looks through all batches of a partition at each read.</summary>
    private readonly int _partitions = Math.Max(2, 2 * nodes);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaminsight-bench-");
    private readonly List<ChildProcess> _children = [];

    public async Task<string> MeasureAsync()
    {
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        broker.CreateTopic("insight.events", _partitions);
        broker.CreateTopic("insight.handover", _partitions);
        ChildProcess redis = await StartRedisAsync();
        string address = $"127.0.0.1:{redis.Port}";
        List<ChildProcess> services = [];
        for (int node = 0; node < Math.Max(1, nodes); node++)
            services.Add(await StartServiceAsync(node, broker.Servers, address));

        var generator = new OpenLoad(broker.Servers, rate, WarmUpSeconds + seconds);
        await using var watch = await ProbeWatch.StartAsync(address, generator);
        Task sending = generator.SendAsync();
        await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds));
        double serviceCpu = services.Sum(one => one.ProcessorSeconds), redisCpu = redis.ProcessorSeconds, ownCpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        long started = Stopwatch.GetTimestamp();
        await sending;
        double measured = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double events = measured * rate / 1e6;
        string processor = string.Create(CultureInfo.InvariantCulture,
            $"{(services.Sum(one => one.ProcessorSeconds) - serviceCpu) / events:F1} | {(redis.ProcessorSeconds - redisCpu) / events:F1} | {(Environment.CpuUsage.TotalTime.TotalSeconds - ownCpu) / events:F1}");
        await watch.SettleAsync(TimeSpan.FromSeconds(30));
        Latencies told = watch.Latencies(fromSecond: WarmUpSeconds);
        long peak = services.Sum(one => one.PeakBytes) >> 20;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <!-- {DateTime.UtcNow:yyyy-MM-dd}, load {load} before, {Environment.ProcessorCount} cores -->
            | {(nodes == 0 ? "one process, SQLite" : $"{nodes} nodes, state in Redis")} | events/s | probes | p50 ms | p99 ms | p99.9 ms | most ms | not seen | service µs/event | Redis µs/event | generator and broker µs/event | service MiB |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            | | {rate:N0} | {told.Count:N0} | {told.At(0.5):F1} | {told.At(0.99):F1} | {told.At(0.999):F1} | {told.At(1):F1} | {told.Missing} | {processor} | {peak} |

            """);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess child in Enumerable.Reverse(_children))
            await child.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<ChildProcess> StartRedisAsync()
    {
        int port = ChildProcess.FreePort();
        string[] command = ["redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", _folder.FullName];
        ChildProcess redis = await ChildProcess.StartAsync(command, port, "Ready to accept connections");
        _children.Add(redis);
        return redis;
    }

    private async Task<ChildProcess> StartServiceAsync(int node, string kafka, string redis)
    {
        int port = ChildProcess.FreePort();
        string configuration = Path.Combine(_folder.FullName, $"node{node}.yaml");
        // A real broker answers a fetch as soon as something comes; this one when the wait is over.
        File.WriteAllText(configuration, $$"""
            model: {{Path.Combine(AppContext.BaseDirectory, "w-live.yaml")}}
            data: {{Path.Combine(_folder.FullName, $"data{node}")}}
            http: { bind: "127.0.0.1:{{port}}" }
            redis: { address: "{{redis}}" }
            {{(nodes == 0 ? "" : "cluster: { name: bench }")}}
            kafka:
              servers: "{{kafka}}"
              properties: [fetch.wait.max.ms=1]
            """);
        string[] command = ["dotnet", service, "run", "--config", configuration];
        ChildProcess started = await ChildProcess.StartAsync(command, port, "istening on");
        _children.Add(started);
        return started;
    }
}
