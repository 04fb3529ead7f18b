using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamInsight.Redis;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Http;

public sealed class EraseTests
{
    [Fact]
    public async Task A_customer_is_erased_everywhere_and_the_receipt_counts_it()
    {
        using var redis = new RedisServer();
        await using RunningService service = await RunningService.StartAsync(options => options with { Redis = new RedisOptions { Address = redis.Address } });
        await service.PostAsync("/v1/batch", """
            {"batch":[
              {"type":"track","event":"Order Completed","anonymousId":"a1","properties":{"total":200}},
              {"type":"identify","userId":"ada","anonymousId":"a1","traits":{"tier":"gold"}},
              {"type":"track","event":"Order Completed","userId":"ada","properties":{"total":"x"}},
              {"type":"track","event":"Order Completed","userId":"bob","properties":{"total":200}}]}
            """);
        await service.AppliedAsync(4);
        await WaitAsync(() => redis.Keys("si:c:*").Length == 2);

        using HttpResponseMessage answer = await EraseAsync(service, "a1");
        JsonElement receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("done", receipt.GetProperty("status").GetString());
        JsonElement removed = receipt.GetProperty("removed");
        foreach ((string store, int count) in (ReadOnlySpan<(string, int)>)[("state", 1), ("timers", 1), ("segments", 2), ("aliases", 1), ("dead_letters", 1), ("log", 3)])
            Assert.True(removed.GetProperty(store).GetInt64() == count, $"{store}: {receipt}");
        Assert.True(removed.GetProperty("redis").GetInt64() >= 2, receipt.ToString());
        Assert.Equal(["si:c:{bob}", "si:n:{bob}", "si:s:big", "si:store", "si:t:big_in"], redis.Keys());
        Assert.Equal(["bob"], redis.Scores("si:s:big").Keys);
        Assert.All(redis.Stream("si:t:big_in"), entry => Assert.Equal("bob", entry["customer"]));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync("/v1/customers/ada")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync("/v1/customers/a1/facts")).StatusCode);

        await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"ada","properties":{"total":5}}""");
        await service.GetUntilAsync("/metrics", text => text.Contains("streaminsight_refused_events_total{reason=\"erased\"} 1"));
        Assert.Equal(HttpStatusCode.OK, (await EraseAsync(service, "ada")).StatusCode);
    }

    [Fact]
    public async Task What_was_acknowledged_before_is_erased_too()
    {
        await using RunningService service = await RunningService.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            await service.PostAsync("/v1/track", $$"""{"type":"track","event":"Order Completed","userId":"u{{i}}","properties":{"total":5} }""");
            Assert.Equal(HttpStatusCode.OK, (await EraseAsync(service, $"u{i}")).StatusCode);
        }
    }

    [Fact]
    public async Task Unknown_customers_and_weaker_keys_are_refused_with_a_problem()
    {
        await using RunningService service = await RunningService.StartAsync(options => options with
        {
            Http = options.Http with { Keys = [Key(KeyRole.Admin, "boss"), Key(KeyRole.Read, "reader"), Key(KeyRole.Write, "writer")] },
        });
        Assert.Equal(HttpStatusCode.Unauthorized, await DeleteAsync("reader"));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeleteAsync("writer"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync("boss"));

        async Task<HttpStatusCode> DeleteAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/customers/nobody");
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
            using HttpResponseMessage answer = await service.Client.SendAsync(request);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            return answer.StatusCode;
        }

        static ApiKey Key(KeyRole role, string key) => new(role, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private static async Task WaitAsync(Func<bool> holds)
    {
        for (int i = 0; i < 3000 && !holds(); i++)
            await Task.Delay(5);
        Assert.True(holds());
    }

    /// <summary>Asks until it is done everywhere: a machine that is busy may answer 202 first, and the receipt when it is asked again.</summary>
    private static async Task<HttpResponseMessage> EraseAsync(RunningService service, string id)
    {
        for (int tries = 1; ; tries++)
        {
            HttpResponseMessage answer = await service.Client.DeleteAsync("/v1/customers/" + id);
            if (answer.StatusCode != HttpStatusCode.Accepted || tries == 60)
                return answer;
            answer.Dispose();
        }
    }
}
