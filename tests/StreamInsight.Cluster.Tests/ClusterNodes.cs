using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StreamInsight.Server.Tests.Crash;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Cluster.Tests;

/// <summary>The processes of one cluster: <c>streaminsight run</c>, each with its own configuration and folder. How a node is told that it is one stands here alone.</summary>
public sealed class ClusterNodes(ClusterSettings settings, TempFolder folder, string model, string redis, string kafka, TopicNames topics) : IDisposable
{
    /// <summary>Brokers and Redis, which in life have machines of their own, go first: a record that they take after its time is nobody's fault here, and is not compared.</summary>
    private const int Niceness = 10;

    private readonly ServiceProcess?[] _nodes = new ServiceProcess?[settings.Nodes];

    /// <summary>What processes that were killed had said.</summary>
    public List<string> Said { get; } = [];

    public IEnumerable<Uri> Urls => _nodes.OfType<ServiceProcess>().Select(node => node.Url);

    public async Task StartAsync(int node)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"node{node + 1}");
        string configuration = folder.File($"{name}.yaml", $$"""
            model: {{model}}
            data: {{folder.File(name)}}
            http: { bind: "127.0.0.1:0" }
            redis: { address: "{{redis}}" }
            cluster: { name: "{{topics.Group}}" }
            limits: { fact_history: 1000, dead_letters: 1000, shutdown_delivery: 2s }
            {{(settings.Host == "orleans" ? string.Create(CultureInfo.InvariantCulture, $"host: orleans\norleans: {{ port: {FreePort()}, advertise: \"127.0.0.1\" }}") : "")}}
            kafka:
              servers: "{{kafka}}"
              events: {{topics.Events}}
              facts: {{topics.Facts}}
              dead: {{topics.Dead}}
              properties:
                - session.timeout.ms={{(int)settings.Session.TotalMilliseconds}}
                - heartbeat.interval.ms={{(int)settings.Session.TotalMilliseconds / 6}}
                - fetch.wait.max.ms=20
                - compression.type=lz4
            """);
        _nodes[node] = await ServiceProcess.StartAsync(Niceness, "run", "--config", configuration);
    }

    private static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    /// <summary>Whether every node has been given partitions and runs them; a node that is just starting may have none yet.</summary>
    public async Task<bool> HaveAllPartitionsAsync()
    {
        using var client = new HttpClient();
        foreach (Uri url in Urls)
        {
            string metrics = await client.GetStringAsync(new Uri(url, "/metrics"));
            if (metrics.Split('\n').Any(line => line == "streaminsight_partitions 0"))
                return false;
        }
        return true;
    }

    public async Task KillAsync(int node)
    {
        ServiceProcess killed = _nodes[node]!;
        _nodes[node] = null;
        await killed.KillAsync();
        Said.Add(killed.Said);
        killed.Dispose();
    }

    /// <summary>As an operator stops it.</summary>
    public async Task StopAsync(int node)
    {
        using ServiceProcess stopped = _nodes[node]!;
        _nodes[node] = null;
        int code = await stopped.TerminateAsync();
        Said.Add(stopped.Said);
        Assert.True(code == 0, stopped.Said);
    }

    public async Task StopAllAsync()
    {
        for (int node = 0; node < _nodes.Length; node++)
            await StopAsync(node);
    }

    /// <summary>The last lines of every node, for a run that went wrong.</summary>
    public string LastWords() => string.Join("\n---\n", _nodes.OfType<ServiceProcess>().Select(node => node.Said).Concat(Said.TakeLast(2)).Select(said => said.Length > 3000 ? said[^3000..] : said));

    public void Dispose()
    {
        foreach (ServiceProcess? node in _nodes)
            node?.Dispose();
    }
}
