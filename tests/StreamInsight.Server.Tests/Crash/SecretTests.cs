using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>Secrets are planted wherever the service takes one; none may come out again, whether things go well or wrong.</summary>
public sealed class SecretTests
{
    private const string Planted = "PLANTED";

    [Fact]
    public async Task No_planted_secret_comes_out_anywhere()
    {
        using var folder = new TempFolder();
        using var redis = new RedisServer("--requirepass", Planted + "redis");
        string model = folder.File("m.yaml", RunningService.Model.Replace("to: [redis]", "to: [redis, crm]") + """

            subscribers: { crm: { url: "http://127.0.0.1:1/hook", secret_env: HOOK_SECRET } }
            pii: { masked: [traits.tier] }
            """);
        (string key, ApiKey kept) = ApiKey.New(KeyRole.Admin);
        string config = folder.File("insight.yaml", $$"""
            model: {{model}}
            data: {{folder.File("data")}}
            http: { bind: "127.0.0.1:0", keys: [{ role: admin, hash: "{{kept.HashText}}" }] }
            redis: { address: "{{redis.Address}}", password_env: REDIS_SECRET }
            kafka: { servers: embedded, sasl_password_env: KAFKA_SECRET, key_password_env: KAFKA_SECRET }
            pii: { hash_key_env: PII_SECRET }
            """);
        using Process service = Start(config, out StringBuilder said);
        var outputs = new StringBuilder();
        try
        {
            string url = await UrlAsync(service, said);
            using var client = new HttpClient { BaseAddress = new Uri(url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
            await client.PostAsync("/v1/identify", new StringContent("""{"userId":"u1","traits":{"tier":"gold"} }"""));
            await client.PostAsync("/v1/track", new StringContent("""{"event":"Order Completed","userId":"u1","properties":{"total":150} }"""));
            await client.PostAsync("/v1/track", new StringContent("not json"));
            for (int i = 0; i < 500 && !(await client.GetStringAsync("/metrics")).Contains("streaminsight_webhook_failed_requests_total{subscriber=\"crm\"} 1"); i++)
                await Task.Delay(20);
            foreach (string path in (string[])["/v1/model", "/metrics", "/health/ready", "/v1/customers/u1", "/v1/customers/u1/explain", "/v1/customers/u1/facts", "/v1/subscribers", "/v1/subscribers/crm/undelivered", "/nothing", "/openapi/v1.json"])
                outputs.AppendLine(await (await client.GetAsync(path)).Content.ReadAsStringAsync());
            using var unknown = new HttpRequestMessage(HttpMethod.Get, "/v1/segments") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Planted + "key") } };
            outputs.AppendLine(await (await client.SendAsync(unknown)).Content.ReadAsStringAsync());
            redis.Kill();
            await client.PostAsync("/v1/track", new StringContent("""{"event":"Order Completed","userId":"u2","properties":{"total":150} }"""));
            for (int i = 0; i < 1000 && !(await client.GetStringAsync("/health/ready")).Contains("\"name\":\"redis\",\"up\":false"); i++)
                await Task.Delay(20);
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
        foreach (string fault in (string[])["redis: { address: \"redis://u:PLANTEDurl@127.0.0.1:1\" }", "redis: { address: \"no such,password=PLANTEDtext\" }", "http: { bind: \"127.0.0.1:0\", tls: { pfx: nothing.pfx, password_env: KAFKA_SECRET } }",
                     "kafka: { servers: \"127.0.0.1:1\", security: sasl_plaintext, sasl_mechanism: PLAIN, sasl_user: u, sasl_password_env: KAFKA_SECRET }", "kafka: { servers: \"127.0.0.1:1\", properties: [\"sasl.password=PLANTEDproperty\"] }"])
        {
            string broken = folder.File("broken.yaml", $"model: {model}\ndata: {folder.File("other")}\n{fault}\n");
            using Process failing = Start(broken, out StringBuilder why);
            await failing.WaitForExitAsync();
            failing.WaitForExit();
            outputs.Append(why);
            Assert.NotEqual(0, failing.ExitCode);
        }
        lock (said)
            outputs.Append(said);
        Assert.Contains("not take facts", outputs.ToString());
        Assert.Contains("Webhooks to crm fail", outputs.ToString());
        Assert.DoesNotContain(Planted, outputs.ToString());
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted))[..8], outputs.ToString());
        Assert.DoesNotContain(key, outputs.ToString());
    }

    private static Process Start(string config, out StringBuilder said)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "streaminsight.dll"), "run", "--config", config, "--debug"])
            start.ArgumentList.Add(argument);
        start.Environment["HOOK_SECRET"] = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted + "webhook-secret-of-24-bytes"));
        start.Environment["REDIS_SECRET"] = Planted + "redis";
        start.Environment["KAFKA_SECRET"] = Planted + "kafka";
        start.Environment["PII_SECRET"] = Planted + "pii-secret-of-sixteen";
        var text = said = new StringBuilder();
        Process process = Process.Start(start)!;
        void Add(object sender, DataReceivedEventArgs line)
        {
            lock (text)
                text.AppendLine(line.Data);
        }
        process.ErrorDataReceived += Add;
        process.OutputDataReceived += Add;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<string> UrlAsync(Process service, StringBuilder said)
    {
        while (true)
        {
            lock (said)
            {
                string text = said.ToString();
                int at = text.IndexOf("Listening on http", StringComparison.Ordinal);
                if (at >= 0 && text.IndexOf(' ', at + 13) is var end and > 0)
                    return text[(at + 13)..end].TrimEnd('.');
            }
            Assert.False(service.HasExited, said.ToString());
            await Task.Delay(20);
        }
    }
}
