using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>A real Prometheus with the configuration and the alerts that are deployed, scraping services every second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaminsight-prometheus-");
    private readonly HttpClient _client;
    private readonly Process _process;

    public PrometheusServer(params Uri[] services)
    {
        int port = FreePort();
        string configuration = Path.Combine(_folder.FullName, "prometheus.yml");
        string text = Repository.Read("deploy/prometheus/prometheus.yml");
        foreach ((string there, string here) in new[]
        {
            ("insight-1:8080, insight-2:8080", string.Join(", ", services.Select(service => service.Authority))), ("localhost:9090", $"127.0.0.1:{port}"), ("scrape_interval: 5s", "scrape_interval: 1s"),
            ("evaluation_interval: 15s", "evaluation_interval: 1s"), ("- rules/", $"- {Repository.File("deploy/prometheus/rules")}/"),
        })
        {
            Assert.Contains(there, text);
            text = text.Replace(there, here, StringComparison.Ordinal);
        }
        File.WriteAllText(configuration, text);
        var start = new ProcessStartInfo("prometheus") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[
            $"--config.file={configuration}", $"--storage.tsdb.path={_folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    /// <summary>Series of the answer whose value is a number.</summary>
    public async Task<int> CountAsync(string query)
    {
        JsonNode? answer = await GetAsync($"api/v1/query?query={Uri.EscapeDataString(query)}");
        Assert.True(answer is null || answer["status"]!.GetValue<string>() == "success", $"{query}: {answer?["error"]}");
        return answer?["data"]!["result"]!.AsArray().Count(series => double.TryParse(series!["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)) ?? 0;
    }

    /// <summary>Every rule with its state and the error of its evaluation, if there was one.</summary>
    public async Task<JsonNode[]> RulesAsync() =>
        [.. (await GetAsync("api/v1/rules"))!["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray().ToArray()).Select(rule => rule!)];

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Null while it starts.</summary>
    private async Task<JsonNode?> GetAsync(string path)
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"Prometheus ended with {_process.ExitCode}.");
        try
        {
            using HttpResponseMessage answer = await _client.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? null : JsonNode.Parse(await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
