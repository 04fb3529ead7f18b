using System.Net.Http.Headers;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class PersonalDataTests
{
    private static readonly string Model = RunningService.Model
        .Replace("traits: { tier: string }", "traits: { tier: string, name: string, phone: string }")
        .Replace("with: [features.spend]", "with: [features.spend, traits.name]")
        .Replace("when: traits.tier == \"gold\"", "when: \"traits.tier == 'gold' && traits.name != ''\"")
        + "\nactions:\n  upgrade: { channels: [app], eligible: \"traits.tier == 'gold'\", propensity: \"0.5\", value: \"1.0\", content: { headline: \"More for ${traits.name}\", small_print: \"No strings\" } }"
        + "\npii: { masked: [traits.name, traits.phone], lookup: { phone: traits.phone } }\n";

    [Fact]
    public async Task Masked_traits_are_shown_to_an_admin_who_asks_and_to_nobody_else()
    {
        (string read, ApiKey readKept) = ApiKey.New(KeyRole.Read);
        (string admin, ApiKey adminKept) = ApiKey.New(KeyRole.Admin);
        await using RunningService running = await RunningService.StartAsync(options => options with { Http = options.Http with { Keys = [readKept, adminKept] } }, Model);
        await running.PostAsync("/v1/identify", """{"userId":"u1","traits":{"name":"Ada Lovelace","phone":"+44 20 7946 0001","tier":"gold"} }""", key: admin);
        await running.PostAsync("/v1/track", """{"event":"Order Completed","userId":"u1","properties":{"total":150} }""", key: admin);

        string[] paths = ["/v1/customers/u1", "/v1/customers/u1/explain", "/v1/customers/u1/facts"];
        while (!(await AskAsync(running, "/v1/customers/u1/facts", read)).Contains("big_in"))
            await Task.Delay(5);
        foreach (string path in paths)
        {
            foreach ((string key, string query) in ((string, string)[])[(read, ""), (read, "?unmask=true"), (admin, ""), (admin, "?unmask=false")])
            {
                string answer = await AskAsync(running, path + query, key);
                Assert.DoesNotContain("Lovelace", answer);
                Assert.DoesNotContain("7946", answer);
                Assert.Contains("***", answer);
            }
            Assert.Contains("Lovelace", await AskAsync(running, path + "?unmask=true", admin));
        }
        Assert.Contains("""{"headline":"***","small_print":"No strings"}""", await AskAsync(running, "/v1/customers/u1", read));
        Assert.Contains("\"kind\":\"actions_changed\"", await StreamAsync(running, "?after=0", read));
        Assert.Contains("\"tier\":\"gold\"", await AskAsync(running, "/v1/customers/u1", read));
        Assert.DoesNotContain("Lovelace", await StreamAsync(running, "?after=0", read));
        Assert.Contains("Lovelace", await StreamAsync(running, "?after=0&unmask=true", admin));
        Assert.DoesNotContain("Lovelace", running.Log);
    }

    private static async Task<string> AskAsync(RunningService running, string path, string key)
    {
        using HttpRequestMessage request = With(path, key);
        using HttpResponseMessage answer = await running.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The stream up to its trigger.</summary>
    private static async Task<string> StreamAsync(RunningService running, string query, string key)
    {
        using HttpRequestMessage request = With("/v1/facts/stream" + query, key);
        using HttpResponseMessage answer = await running.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        string text = "";
        while (!text.Contains("\"trigger\":\"big_in\""))
            text += await reader.ReadLineAsync() + "\n";
        return text;
    }

    private static HttpRequestMessage With(string path, string key) => new(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}
