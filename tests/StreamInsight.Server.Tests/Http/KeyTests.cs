using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class KeyTests
{
    private const string Message = """{"event":"x","userId":"u1"}""";

    [Fact]
    public async Task Each_role_may_do_its_own_and_admin_everything()
    {
        await using RunningService running = await RunningService.StartAsync(WithKeys);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(running, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(running, "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(running, "r"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(running, "w"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(running, "a"));

        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(running, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(running, "w"));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(running, "r"));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(running, "a"));
        Assert.Equal(HttpStatusCode.OK, (await running.Client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_browser_may_carry_its_write_key_in_the_message()
    {
        await using RunningService running = await RunningService.StartAsync(WithKeys);
        Assert.Equal(HttpStatusCode.OK, (await running.PostAsync("/v1/t", """{"event":"x","userId":"u1","writeKey":"w"}""", "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await running.PostAsync("/v1/t", """{"event":"x","userId":"u1","writeKey":"r"}""", "text/plain")).StatusCode);
    }

    [Fact]
    public async Task Without_keys_only_this_machine_may_be_listened_on()
    {
        var refused = await Assert.ThrowsAsync<WrongInputException>(() =>
            RunningService.StartAsync(options => options with { Http = options.Http with { Bind = "0.0.0.0:0" } }));
        Assert.Contains("without keys it listens on this machine only", refused.Message);
        await using RunningService withKeys = await RunningService.StartAsync(options => WithKeys(options) with { Http = WithKeys(options).Http with { Bind = "0.0.0.0:0" } });
        Assert.NotNull(withKeys.Service.Url);
    }

    [Fact]
    public async Task Without_keys_a_page_under_another_name_does_not_reach_it()
    {
        await using RunningService running = await RunningService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/segments");
        request.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await running.Client.SendAsync(request)).StatusCode);
    }

    private static InsightOptions WithKeys(InsightOptions options) => options with
    {
        Http = options.Http with { Keys = [Key(KeyRole.Write, "w"), Key(KeyRole.Read, "r"), Key(KeyRole.Admin, "a")] },
    };

    private static ApiKey Key(KeyRole role, string text) => new(role, SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task<HttpStatusCode> SendAsync(RunningService running, string? key) => (await running.PostAsync("/v1/track", Message, key: key)).StatusCode;

    private static async Task<HttpStatusCode> ReadAsync(RunningService running, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/segments");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return (await running.Client.SendAsync(request)).StatusCode;
    }
}
