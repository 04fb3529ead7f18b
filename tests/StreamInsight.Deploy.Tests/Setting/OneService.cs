using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Kafka;
using StreamInsight.Redis;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The service with the telecom model in this process, on a free port.</summary>
internal sealed class OneService : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("streaminsight-deploy-");
    private readonly HttpClient _client = new();
    private InsightService _service = null!;

    public Uri Url => _service.Url!;

    /// <param name="model">The text of a model; the telecom sample by default.</param>
    /// <param name="keys">Keys <c>KEYS-read-key</c> and so on; none by default.</param>
    public static async Task<OneService> StartAsync(string? kafka = null, string? redis = null, string? model = null, string? keys = null)
    {
        var one = new OneService();
        string file = Repository.File("samples/telco-care.yaml");
        if (model is not null)
            await File.WriteAllTextAsync(file = Path.Combine(one._data.FullName, "model.yaml"), model);
        if (keys is not null)
            one._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"{keys}-read-key");
        one._service = await InsightService.StartAsync(
            new InsightOptions
            {
                ModelPath = file,
                DataFolder = Path.Combine(one._data.FullName, "data"),
                Http = new InsightOptions.HttpOptions
                {
                    Bind = "127.0.0.1:0",
                    Keys = keys is null ? [] : [new ApiKey(KeyRole.Read, SHA256.HashData(Encoding.UTF8.GetBytes($"{keys}-read-key")))],
                },
                Variable = _ => "whsec_" + Convert.ToBase64String(new byte[32]),
                Redis = redis is null ? null : new RedisOptions { Address = redis },
                Kafka = kafka is null ? null : new InsightOptions.KafkaUse { Options = new KafkaOptions { Servers = kafka, FetchWait = TimeSpan.FromMilliseconds(5) } },
            },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        return one;
    }

    /// <summary>Series → value, once they satisfy.</summary>
    public async Task<Dictionary<string, double>> MetricsAsync(Func<Dictionary<string, double>, bool> satisfy)
    {
        for (long started = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            string text = await _client.GetStringAsync(new Uri(Url, "metrics"));
            Dictionary<string, double> metrics = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
                .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
            if (satisfy(metrics))
                return metrics;
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
                throw new TimeoutException(string.Join('\n', text.Split('\n').Where(line => line.Contains("events_total", StringComparison.Ordinal))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
