using System.Diagnostics;
using System.Net;
using System.Text.Json;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class QueryTests : IAsyncLifetime
{
    private RunningService _running = null!;

    public async Task InitializeAsync() => _running = await RunningService.StartAsync();

    public async Task DisposeAsync() => await _running.DisposeAsync();

    [Fact]
    public async Task A_profile_is_found_under_every_id_that_leads_to_it()
    {
        await OrderAsync("a1", 150, "anonymousId");
        await _running.PostAsync("/v1/identify", """{"userId":"u/1 ü","anonymousId":"a1","traits":{"tier":"gold"}}""");
        await _running.AppliedAsync(2);
        string byUser = await _running.Client.GetStringAsync("/v1/customers/" + Uri.EscapeDataString("u/1 ü"));
        Assert.Equal(byUser, await _running.Client.GetStringAsync("/v1/customers/a1"));
        using JsonDocument profile = JsonDocument.Parse(byUser);
        Assert.Equal("u/1 ü", profile.RootElement.GetProperty("customer").GetString());
        Assert.True(profile.RootElement.GetProperty("segments").TryGetProperty("big", out _));

        string facts = await _running.GetUntilAsync("/v1/customers/a1/facts", text => text.Contains("\"merged\""));
        using JsonDocument parsed = JsonDocument.Parse(facts);
        Assert.Equal("u/1 ü", parsed.RootElement.GetProperty("customer").GetString());
    }

    [Fact]
    public async Task An_unknown_customer_is_a_404_problem_and_stays_unknown()
    {
        HttpResponseMessage answer = await _running.Client.GetAsync("/v1/customers/nobody");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await _running.Client.GetAsync("/v1/customers/nobody/facts")).StatusCode);
        Assert.Contains("streaminsight_customers 0\n", await _running.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Segments_members_and_journey_are_counted()
    {
        for (int i = 0; i < 5; i++)
            await OrderAsync($"u{i}", i < 3 ? 150 : 10);
        await _running.AppliedAsync(5);
        await _running.GetUntilAsync("/v1/segments", text => text == """{"segments":[{"name":"big","members":3,"entered":3,"left":0},{"name":"gold","members":0,"entered":0,"left":0}]}""");

        using JsonDocument first = JsonDocument.Parse(await _running.Client.GetStringAsync("/v1/segments/big/members?limit=2"));
        Assert.Equal(["u0", "u1"], first.RootElement.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("customer").GetString()));
        using JsonDocument rest = JsonDocument.Parse(await _running.Client.GetStringAsync("/v1/segments/big/members?limit=2&" + first.RootElement.GetProperty("next").GetString()));
        Assert.Equal(["u2"], rest.RootElement.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("customer").GetString()));

        await _running.GetUntilAsync("/v1/journey", text => text == """{"initial":"new","stages":[{"name":"new","customers":0},{"name":"buyer","customers":5}]}""");
        Assert.Equal(HttpStatusCode.NotFound, (await _running.Client.GetAsync("/v1/segments/nope/members")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.Client.GetAsync("/v1/segments/big/members?limit=0")).StatusCode);
    }

    [Fact]
    public async Task Facts_come_newest_first_page_by_page()
    {
        await OrderAsync("u1", 150);
        await _running.GetUntilAsync("/v1/segments", text => text.Contains("\"members\":1"));
        using JsonDocument first = JsonDocument.Parse(await _running.Client.GetStringAsync("/v1/customers/u1/facts?limit=2"));
        Assert.Equal([3, 2], first.RootElement.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("seq").GetInt32()));
        using JsonDocument rest = JsonDocument.Parse(await _running.Client.GetStringAsync("/v1/customers/u1/facts?limit=2&" + first.RootElement.GetProperty("next").GetString()));
        Assert.Equal([1], rest.RootElement.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task The_model_is_served_as_it_was_read()
    {
        HttpResponseMessage answer = await _running.Client.GetAsync("/v1/model");
        Assert.Equal(RunningService.Model, await answer.Content.ReadAsStringAsync());
        Assert.Equal("\"shop@1\"", answer.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task The_service_is_live_and_ready()
    {
        Assert.Equal(HttpStatusCode.OK, (await _running.Client.GetAsync("/health/live")).StatusCode);
        HttpResponseMessage ready = await _running.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"status\":\"ready\"", await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Metrics_pass_promtool()
    {
        await OrderAsync("u1", 150);
        await _running.PostAsync("/v1/track", "{}");
        await _running.AppliedAsync(2);
        string metrics = await _running.Client.GetStringAsync("/metrics");
        Assert.Contains("streaminsight_facts_total{kind=\"segment_entered\"} 1\n", metrics);
        if (!File.Exists("/usr/bin/promtool"))
            return;
        using Process promtool = Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        string said = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.Equal((0, ""), (promtool.ExitCode, said));
    }

    [Fact]
    public async Task Unknown_paths_are_problems()
    {
        HttpResponseMessage answer = await _running.Client.GetAsync("/nothing");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    private Task OrderAsync(string id, int total, string kind = "userId") =>
        _running.PostAsync("/v1/track", $$"""{"event":"Order Completed","{{kind}}":"{{id}}","properties":{"total":{{total}} } }""");
}
