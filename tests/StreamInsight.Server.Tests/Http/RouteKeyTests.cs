using System.Net;
using System.Net.Http.Headers;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

/// <summary>Every route there is, also those that come later.</summary>
public sealed class RouteKeyTests
{
    private static readonly string[] Open = ["GET /health/live", "GET /health/ready", "GET /openapi/v1.json", "GET /"];

    [Fact]
    public async Task Every_route_but_health_and_the_document_asks_for_a_key()
    {
        (string read, ApiKey kept) = ApiKey.New(KeyRole.Read);
        await using RunningService running = await RunningService.StartAsync(options => options with { Http = options.Http with { Keys = [kept] } });
        Assert.True(running.Service.Http!.Routes.Count > 40);
        foreach (string route in running.Service.Http.Routes)
        {
            (string method, string path) = (route.Split(' ')[0], route.Split(' ')[1]);
            if (method == "OPTIONS" || Open.Contains(route) || path.Contains("console"))
                continue;
            HttpStatusCode none = await AskAsync(running, method, path, null), wrong = await AskAsync(running, method, path, read + "x");
            Assert.True(none == HttpStatusCode.Unauthorized && wrong == HttpStatusCode.Unauthorized, $"{route} answers {none} without a key");
            if (method is "DELETE" or "PUT")
                Assert.True(await AskAsync(running, method, path, read) == HttpStatusCode.Unauthorized, $"{route} is open to a read key");
            if (method == "POST" && path != "/v1/decide")
                Assert.True(await AskAsync(running, method, path, read) == HttpStatusCode.Unauthorized, $"{route} is open to a read key");
        }
    }

    private static async Task<HttpStatusCode> AskAsync(RunningService running, string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path.Replace("{id}", "u1").Replace("{name}", "big"));
        if (method is "POST" or "PUT")
            request.Content = new StringContent("""{"event":"x","userId":"u1"}""");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage answer = await running.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
