using StreamInsight.Kafka;
using StreamInsight.Server.Tests.Crash;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Cluster.Tests;

/// <summary>Two nodes of one cluster, with a Redis and a broker of their own.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    public const int Partitions = 6;

    public const string Model = """
        model: nodes
        version: 1
        traits: { phone: string, consent_marketing: bool }
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          spend: { sum: order.total, window: 1d }
          orders: { count: order }
        segments:
          big: { when: "features.spend >= 100.0" }
        actions:
          thank:
            channels: [web, voice]
            eligible: "features.orders >= 1"
            value: "1.0"
        """;

    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new("--appendonly", "yes", "--appendfsync", "always");
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly List<ServiceProcess> _nodes = [];

    public string Redis => _redis.Address;

    public string Kafka => _broker.Servers;

    public RedisServer Server => _redis;

    public HttpClient First { get; private set; } = null!;

    public HttpClient Second { get; private set; } = null!;

    public string ModelPath(string name = "m.yaml", string? text = null) => _folder.File(name, text ?? Model);

    /// <summary>The arguments of a node.</summary>
    public string[] Arguments(string model, string cluster = "nodes") => ["run", "--model", model, "--cluster", cluster, "--kafka", Kafka, "--redis", Redis, "--http", "127.0.0.1:0"];

    public async Task InitializeAsync()
    {
        _broker.CreateTopic(TopicNames.Usual.Events, Partitions);
        _broker.CreateTopic(TopicNames.Usual.Handover, Partitions);
        string model = ModelPath();
        for (int node = 0; node < 2; node++)
            _nodes.Add(await ServiceProcess.StartAsync(Arguments(model)));
        First = new HttpClient { BaseAddress = _nodes[0].Url };
        Second = new HttpClient { BaseAddress = _nodes[1].Url };
        await Until.TrueAsync(async () => await PartitionsOf(First) is > 0 and var one && await PartitionsOf(Second) is > 0 and var two && one + two == Partitions);
    }

    public async Task DisposeAsync()
    {
        First?.Dispose();
        Second?.Dispose();
        foreach (ServiceProcess node in _nodes)
        {
            await node.KillAsync();
            node.Dispose();
        }
        _broker.Dispose();
        _redis.Dispose();
        _folder.Dispose();
    }

    private static async Task<int> PartitionsOf(HttpClient node)
    {
        using var json = System.Text.Json.JsonDocument.Parse(await node.GetStringAsync("/health/ready") is { } text ? text : "{}");
        return json.RootElement.GetProperty("partitions").GetArrayLength();
    }
}
