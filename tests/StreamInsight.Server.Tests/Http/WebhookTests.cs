using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class WebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_trigger_reaches_its_subscriber_while_another_is_down()
    {
        var got = new ConcurrentQueue<string>();
        await using WebApplication receiver = await ReceiverAsync(got);
        string url = receiver.Urls.First();
        await using RunningService running = await RunningService.StartAsync(
            options => options with { Variable = name => name == "SECRET" ? Secret : null },
            RunningService.Model.Replace("to: [redis]", "to: [up, down]") + $$"""

            subscribers:
              up: { url: "{{url}}/hook", secret_env: SECRET }
              down: { url: "http://127.0.0.1:1/hook", secret_env: SECRET }
              unused: { url: "https://nobody.example", secret_env: NOT_SET }
            """);
        for (int i = 1; i <= 20; i++)
            await running.PostAsync("/v1/track", $$"""{"event":"Order Completed","userId":"u{{i}}","properties":{"total":150} }""");
        await running.GetUntilAsync("/metrics", text => text.Contains("streaminsight_webhook_sent_total{subscriber=\"up\"} 20\n") && text.Contains("streaminsight_webhook_breaker{subscriber=\"down\"} 2\n"));
        string metrics = await running.Client.GetStringAsync("/metrics");
        Assert.Contains("streaminsight_webhook_behind_facts{subscriber=\"up\"} 0\n", metrics);
        Assert.Contains("streaminsight_outbox_facts 0\n", metrics);
        Assert.Equal(20, got.Distinct().Count());
        string subscribers = await running.Client.GetStringAsync("/v1/subscribers");
        Assert.Contains("""{"name":"up","state":"closed","behind":0,"problem":null}""", subscribers);
        Assert.Contains("\"name\":\"down\",\"state\":\"open\"", subscribers);
        Assert.DoesNotContain("MfKQ9r8", metrics + subscribers);
    }

    [Fact]
    public async Task What_a_subscriber_refuses_can_be_read()
    {
        await using WebApplication receiver = await ReceiverAsync(new ConcurrentQueue<string>(), status: 400);
        await using RunningService running = await RunningService.StartAsync(
            options => options with { Variable = _ => Secret, Webhooks = options.Webhooks! with { Attempts = 1 } },
            RunningService.Model.Replace("to: [redis]", "to: [up]") + $$"""

            subscribers: { up: { url: "{{receiver.Urls.First()}}/hook", secret_env: SECRET } }
            """);
        await running.PostAsync("/v1/track", """{"event":"Order Completed","userId":"u1","properties":{"total":150} }""");
        string kept = await running.GetUntilAsync("/v1/subscribers/up/undelivered", text => text.Contains("http_400"));
        Assert.Contains("\"kind\":\"trigger\"", kept);
    }

    [Fact]
    public async Task Every_fault_of_subscribers_is_told_at_the_start()
    {
        var wrong = await Assert.ThrowsAsync<WrongInputException>(() => RunningService.StartAsync(
            options => options with { Variable = name => name == "BAD" ? "whsec_%%SECRET%%" : null },
            RunningService.Model.Replace("to: [redis]", "to: [a, b, c, d]") + """

            subscribers:
              a: { url: "http://crm.example/hook", secret_env: NOT_SET }
              b: { url: "https://10.0.0.1/hook", secret_env: BAD }
              c: { url: "https://crm.example/hook" }
              d: { url: "https://crm.example/hook", secret_env: BAD }
            """));
        Assert.Equal(6, wrong.Faults.Count);
        Assert.Contains(wrong.Faults, fault => fault.Contains("the environment variable NOT_SET is not set"));
        Assert.DoesNotContain("SECRET%%", wrong.Message);
    }

    private static async Task<WebApplication> ReceiverAsync(ConcurrentQueue<string> got, int status = 204)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPost("/hook", context =>
        {
            got.Enqueue(context.Request.Headers["webhook-id"]!);
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
