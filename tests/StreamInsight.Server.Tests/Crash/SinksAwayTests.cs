using System.Net;
using System.Text.Json;
using StreamInsight.Redis;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>Redis is killed under load: facts wait, the source pauses, HTTP says 503 when the log is full too, and what was acknowledged arrives once it is back.</summary>
public sealed class SinksAwayTests
{
    [Fact]
    public async Task While_redis_is_away_everything_waits_and_nothing_acknowledged_is_lost()
    {
        using var redis = new RedisServer();
        await using RunningService running = await RunningService.StartAsync(options => options with
        {
            Redis = new RedisOptions { Address = redis.Address, ConnectTimeout = TimeSpan.FromSeconds(1), CommandTimeout = TimeSpan.FromSeconds(1) },
            Worker = options.Worker with { OutboxCapacity = 100 },
            LogMegabytes = 1,
        });
        var acknowledged = new List<string>();
        for (int i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, await OrderAsync(running, acknowledged));
        redis.Kill();

        // 2 MiB of events that nobody applies fill the log; 100 facts fill the outbox before.
        HttpStatusCode status;
        do
            status = await OrderAsync(running, acknowledged);
        while (status == HttpStatusCode.OK && acknowledged.Count < 2000);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        using (HttpResponseMessage refused = await PostAsync(running, "refused"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }
        using (JsonDocument ready = JsonDocument.Parse(await running.GetUntilAsync("/health/ready", text => text.Contains("\"up\":false"))))
        {
            Assert.True(ready.RootElement.GetProperty("paused").GetBoolean());
            Assert.InRange(ready.RootElement.GetProperty("outbox").GetInt64(), 100, 13_000);
        }

        redis.Restart();
        await running.GetUntilAsync("/v1/segments", text => text.Contains($"\"name\":\"big\",\"members\":{acknowledged.Count},"));
        await running.GetUntilAsync("/metrics", text => text.Contains("streaminsight_sink_behind_facts{sink=\"redis\"} 0\n"));
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), redis.Scores("si:s:big").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(acknowledged.Count, redis.Stream("si:t:big_in").Count);
        Assert.Equal(HttpStatusCode.OK, await OrderAsync(running, acknowledged));
    }

    private static async Task<HttpStatusCode> OrderAsync(RunningService running, List<string> acknowledged)
    {
        string id = $"u{acknowledged.Count}";
        using HttpResponseMessage answer = await PostAsync(running, id);
        if (answer.IsSuccessStatusCode)
            acknowledged.Add(id);
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> PostAsync(RunningService running, string id) =>
        running.PostAsync("/v1/track", $$"""{"event":"Order Completed","userId":"{{id}}","properties":{"total":150,"note":"{{new string('x', 16_000)}}"} }""");
}
