using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Kafka;
using StreamInsight.Server.Tests.Crash;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;
using StreamInsight.Webhooks.Tests.Setting;

namespace StreamInsight.Cluster.Tests;

/// <summary>Two nodes whose model has everything that one process offers too: journey, routing, queues, actions, and subscribers of webhooks.</summary>
public sealed class EquippedNodes : IAsyncLifetime
{
    public const int Partitions = 6;

    private const string Variable = "INSIGHT_CLUSTER_TEST_SECRET";

    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new("--appendonly", "yes", "--appendfsync", "always");
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly Receiver _receiver = new();
    private readonly ServiceProcess?[] _nodes = new ServiceProcess?[2];
    private readonly HttpClient?[] _clients = new HttpClient?[2];

    public HttpClient First => _clients[0]!;

    public HttpClient Second => _clients[1]!;

    public RedisServer Redis => _redis;

    /// <summary>The subscribers <c>crm</c> (takes everything) and <c>picky</c> (refuses everything); <c>down</c> is not there at all.</summary>
    internal Receiver Subscribers => _receiver;

    public string ModelPath { get; private set; } = "";

    /// <summary>The configuration of the first node.</summary>
    public string ConfigPath { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        _broker.CreateTopic(TopicNames.Usual.Events, Partitions);
        _broker.CreateTopic(TopicNames.Usual.Handover, Partitions);
        _receiver.Answer = got => Task.FromResult(got.Path == "/picky" ? 400 : 204);
        ModelPath = _folder.File("m.yaml", Model());
        await StartAsync(0);
        await StartAsync(1);
        await ShareAllAsync();
    }

    public async Task StartAsync(int node)
    {
        string configuration = _folder.File($"node{node}.yaml", $$"""
            model: {{ModelPath}}
            http: { bind: "127.0.0.1:0" }
            redis: { address: "{{_redis.Address}}" }
            cluster: { name: equipped }
            webhooks: { attempts: 1, breaker_after: 3 }
            kafka: { servers: "{{_broker.Servers}}", properties: [ session.timeout.ms=3000, heartbeat.interval.ms=500, fetch.wait.max.ms=10 ] }
            """);
        ConfigPath = node == 0 ? configuration : ConfigPath;
        _nodes[node] = await ServiceProcess.StartAsync("run", "--config", configuration);
        _clients[node] = new HttpClient { BaseAddress = _nodes[node]!.Url };
    }

    public async Task KillAsync(int node)
    {
        await _nodes[node]!.KillAsync();
        _clients[node]!.Dispose();
        _nodes[node]!.Dispose();
        _nodes[node] = null;
        _clients[node] = null;
    }

    /// <summary>Until all partitions run, some on each of the nodes that there are.</summary>
    public Task ShareAllAsync() => Until.TrueAsync(async () =>
    {
        int running = 0;
        bool isAnyIdle = false;
        foreach (HttpClient client in _clients.OfType<HttpClient>())
        {
            using HttpResponseMessage ready = await client.GetAsync("/health/ready");
            using JsonDocument json = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
            int its = json.RootElement.GetProperty("partitions").GetArrayLength();
            isAnyIdle |= its == 0;
            running += its;
        }
        return running == Partitions && !isAnyIdle;
    });

    public static async Task OrderAsync(HttpClient node, string user, double total)
    {
        string order = string.Create(CultureInfo.InvariantCulture, $$"""{"type":"track","event":"Order Completed","userId":"{{user}}","properties":{"total":{{total}}} }""");
        await PostAsync(node, "/v1/track", order);
    }

    public static async Task PostAsync(HttpClient node, string path, string body)
    {
        using HttpResponseMessage answer = await node.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonElement> GetAsync(HttpClient node, string path)
    {
        using JsonDocument json = JsonDocument.Parse(await node.GetStringAsync(path));
        return json.RootElement.Clone();
    }

    public async Task DisposeAsync()
    {
        for (int node = 0; node < _nodes.Length; node++)
        {
            if (_nodes[node] is not null)
                await KillAsync(node);
        }
        _receiver.Dispose();
        _broker.Dispose();
        _redis.Dispose();
        _folder.Dispose();
    }

    private string Model() => $$"""
        model: equipped
        version: 1
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          spend: { sum: order.total, window: 1d }
          orders: { count: order }
          lately: { count: order, window: 5s }
        journey:
          initial: new
          stages: [new, buyer]
          transitions:
            - { from: new, to: buyer, when: features.orders >= 1 }
        segments:
          big: { when: "features.spend >= 100.0" }
          huge: { when: "features.spend >= 1000.0" }
          busy: { when: "features.lately >= 1" }
        triggers:
          big_in: { on: entered(big), to: [crm, picky, down] }
          huge_in: { on: entered(huge), to: [crm] }
        subscribers:
          crm: { url: "{{new Uri(_receiver.Url, "/crm")}}", secret_env: {{Variable}} }
          picky: { url: "{{new Uri(_receiver.Url, "/picky")}}", secret_env: {{Variable}} }
          down: { url: "http://127.0.0.1:1/down", secret_env: {{Variable}} }
        actions:
          thank:
            channels: [web, voice]
            eligible: "features.orders >= 1"
            value: "1.0"
        queues:
          general: { target: 0.8 }
          priority: {}
        routing:
          queue: "segments.big ? 'priority' : 'general'"
          score: "clamp(features.spend, 0.0, 1000.0)"
        """;
}
