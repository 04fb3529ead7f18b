using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Tests.Setting;

/// <summary>The service in this process, on a free port, with a client.</summary>
public sealed class RunningService : IAsyncDisposable
{
    public const string Model = """
        model: shop
        version: 1
        traits: { tier: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          spend: { sum: order.total, window: 30d }
          orders: { count: order }
        journey:
          initial: new
          stages: [new, buyer]
          transitions:
            - { from: new, to: buyer, when: features.orders >= 1 }
        segments:
          big: { when: "features.spend >= 100.0" }
          gold: { when: traits.tier == "gold" }
        triggers:
          big_in: { on: entered(big), to: [redis], with: [features.spend] }
        """;

    private readonly TempFolder _folder = new();
    private readonly CollectingLog _log = new();
    private InsightOptions _options = null!;

    private readonly TimeProvider _time;

    private RunningService(TimeProvider time) => _time = time;

    public InsightService Service { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public static async Task<RunningService> StartAsync(Func<InsightOptions, InsightOptions>? change = null, string model = Model, TimeProvider? time = null)
    {
        var running = new RunningService(time ?? TimeProvider.System);
        var options = new InsightOptions
        {
            ModelPath = running._folder.File("m.yaml", model),
            DataFolder = running._folder.File("data"),
            Http = new InsightOptions.HttpOptions { Bind = "127.0.0.1:0" },
        };
        running._options = change?.Invoke(options) ?? options;
        await running.StartServiceAsync();
        return running;
    }

    /// <summary>The log lines of the service so far.</summary>
    public string Log => _log.Text;

    /// <summary>Stops it and starts it again on the same folder.</summary>
    public async Task RestartAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
        await StartServiceAsync();
    }

    private async Task StartServiceAsync()
    {
        Service = await InsightService.StartAsync(_options, _time, _log);
        // Certificates of tests vouch for themselves.
        Client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { BaseAddress = Service.Url };
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string type = "application/json", string? key = null) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), type, key);

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string type = "application/json", string? key = null, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        return await Client.SendAsync(request);
    }

    /// <summary>Waits until the answer of a GET satisfies.</summary>
    public async Task<string> GetUntilAsync(string path, Func<string, bool> satisfies)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            string answer = await Client.GetStringAsync(path) is var text ? text : "";
            if (satisfies(answer))
                return answer;
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"{path} still answers: {answer}");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until that many messages are applied, refused ones included.</summary>
    public Task AppliedAsync(int messages) => GetUntilAsync("/metrics", text => text.Contains($"streaminsight_events_total{{source=\"log\"}} {messages}\n"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
        _folder.Dispose();
    }
}
