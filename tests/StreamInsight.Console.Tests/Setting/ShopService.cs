using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Console.Tests.Setting;

/// <summary>The real service of one process, with a small model that has a part of everything and three customers: ada, ben and cyd.</summary>
internal sealed class ShopService : IAsyncDisposable
{
    public const string Model = """
        model: shop            # what the console's tests run
        version: 3
        traits: { name: string, tier: string, note: string, consent_voice: bool }
        events:
          order: { name: "Order Completed", properties: { total: double } }
          call: { name: "Call Started" }
        features:
          spend_30d: { sum: order.total, window: 30d }
          orders: { count: order }
          calls_7d: { count: call, window: 7d }
        journey:
          initial: fresh
          stages: [fresh, buyer, at_risk]
          transitions:
            - { from: fresh, to: buyer, when: features.orders >= 1 }
            - { from: buyer, to: at_risk, when: features.calls_7d >= 3 }
        segments:
          big: { when: features.spend_30d >= 100.0 }
          caller: { when: features.calls_7d >= 1 }
          gold: { when: traits.tier == "gold" }
        scores:
          churn: { expr: "segments.caller ? 0.6 : 0.1" }
        actions:
          thank_you: { channels: [voice], eligible: segments.big, propensity: scores.churn, value: 10.0, content: { script: "Thank ${traits.name|you}" } }
          win_back: { channels: [voice], eligible: segments.gold, propensity: 0.5, value: 5.0 }
        policy: { consent: { voice: traits.consent_voice } }
        routing:
          queue: "segments.big ? 'priority' : 'general'"
          score: "clamp(200.0 + features.spend_30d, 0.0, 1000.0)"
          reasons: { calls_often: segments.caller }
          valid_for: 30m
        triggers:
          big_in: { on: entered(big), to: [redis], with: [features.spend_30d, traits.name] }
        pii: { masked: [traits.name] }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaminsight-console-");
    private readonly HttpClient _client = new();
    private readonly IReadOnlyList<ApiKey> _keys;
    private InsightService _service = null!;

    private ShopService(IReadOnlyList<ApiKey> keys) => _keys = keys;

    public Uri Url => _service.Url!;

    /// <param name="adminKey">Asked with; one of <paramref name="keys"/>. Null where there are no keys.</param>
    public static async Task<ShopService> StartAsync(string? adminKey = null, params ApiKey[] keys)
    {
        var shop = new ShopService(keys);
        await File.WriteAllTextAsync(Path.Combine(shop._folder.FullName, "model.yaml"), Model);
        if (adminKey is not null)
            shop._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
        await shop.StartServiceAsync("127.0.0.1:0");
        await shop.SendAsync("identify", """{"userId":"ada","traits":{"name":"Ada Lovelace","tier":"gold","consent_voice":true}}""");
        await shop.OrderAsync("ada", 150);
        await shop.SendAsync("track", """{"event":"Call Started","userId":"ada"}""");
        await shop.OrderAsync("ben", 40);
        await shop.OrderAsync("cyd", 500);
        await shop.SendAsync("track", """{"event":"Order Completed","userId":"ben","properties":{"total":"much"}}""");
        await shop.UntilAsync("v1/queues/priority", queue => queue["customers"]!.AsArray().Count == 2);
        return shop;
    }

    public Task OrderAsync(string customer, double total) =>
        SendAsync("track", $$$"""{"event":"Order Completed","userId":"{{{customer}}}","properties":{"total":{{{total.ToString(CultureInfo.InvariantCulture)}}}}}""");

    public async Task SendAsync(string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.PostAsync(new Uri(Url, "v1/" + type), content);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<string> TextAsync(string path) => await _client.GetStringAsync(new Uri(Url, path));

    public async Task<JsonNode> AskAsync(string path) => JsonNode.Parse(await TextAsync(path))!;

    /// <summary>The answer, once it satisfies.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> satisfies)
    {
        for (long started = Stopwatch.GetTimestamp(); ; await Task.Delay(10))
        {
            JsonNode answer = await AskAsync(path);
            if (satisfies(answer))
                return answer;
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"{path} still answers {answer}");
        }
    }

    public async Task StopAsync()
    {
        Address = Url.Authority;
        await _service.DisposeAsync();
    }

    /// <summary>Starts it again where it was.</summary>
    public Task StartAgainAsync() => StartServiceAsync(Address!);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string? Address { get; set; }

    private async Task StartServiceAsync(string bind) => _service = await InsightService.StartAsync(
        new InsightOptions
        {
            ModelPath = Path.Combine(_folder.FullName, "model.yaml"),
            DataFolder = Path.Combine(_folder.FullName, "data"),
            Http = new InsightOptions.HttpOptions { Bind = bind, Keys = _keys },
        },
        TimeProvider.System,
        NullLoggerFactory.Instance);
}
