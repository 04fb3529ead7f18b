using System.Net;
using System.Text.Json;
using StreamInsight.Redis;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Commands;

/// <summary><c>audit</c>, <c>reconcile</c> and <c>dead</c> beside a running service.</summary>
public sealed class RecoveryCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_missing_in_Redis_is_found_and_written_again()
    {
        using var redis = new RedisServer();
        string data = _folder.File("data");
        await using RunningService service = await RunningService.StartAsync(options => options with { DataFolder = data, Redis = new RedisOptions { Address = redis.Address } });
        string[] flags = ["--model", _folder.File("m.yaml", RunningService.Model), "--data", data, "--redis", redis.Address];
        for (int i = 0; i < 5; i++)
            await OrderAsync(service, $"u{i}", 200);
        await UntilAsync(() => redis.Scores("si:s:big").Count == 5);
        var before = redis.Scores("si:s:big");

        await ExitsAsync(0, ["audit", .. flags]);
        redis.Ask("ZREM", "si:s:big", "u1");
        redis.Ask("ZADD", "si:s:big", "7", "u2");
        redis.Ask("ZADD", "si:s:gold", "7", "ghost");
        redis.Ask("DEL", "si:c:{u3}");
        await ExitsAsync(1, ["audit", "--json", .. flags]);
        await ExitsAsync(0, ["reconcile", .. flags]);
        await ExitsAsync(0, ["audit", .. flags]);
        Assert.Equal(before, redis.Scores("si:s:big"));
        Assert.Empty(redis.Scores("si:s:gold"));
        Assert.Equal("""["big"]""", redis.Hash("si:c:{u3}")["segments"]);
    }

    [Fact]
    public async Task A_Redis_that_came_back_empty_is_filled_by_the_service_itself_and_goes_on()
    {
        using var redis = new RedisServer();
        await using RunningService service = await RunningService.StartAsync(options => options with { Redis = new RedisOptions { Address = redis.Address } });
        await OrderAsync(service, "u1", 200);
        await UntilAsync(() => redis.Keys("si:store").Length == 1 && redis.Scores("si:s:big").Count == 1);
        // The store knows that Redis has taken facts.
        await OrderAsync(service, "u2", 50);
        await service.AppliedAsync(2);
        await UntilAsync(() => redis.Keys("si:c:*").Length == 2);
        redis.Ask("FLUSHALL");
        await UntilAsync(() => redis.Keys("si:store").Length == 1);
        Assert.Equal(["si:c:{u1}", "si:c:{u2}"], redis.Keys("si:c:*"));
        Assert.Equal(["u1"], redis.Scores("si:s:big").Keys);
        Assert.Empty(redis.Keys("si:t:*"));
        await OrderAsync(service, "u2", 200);
        await UntilAsync(() => redis.Scores("si:s:big").Count == 2);
        Assert.Single(redis.Stream("si:t:big_in"));
        await service.GetUntilAsync("/metrics", text => text.Contains("streaminsight_conservation_difference{segment=\"big\"} 0"));
    }

    [Fact]
    public async Task Dead_letters_are_shown_masked_and_put_back_once()
    {
        string data = _folder.File("data");
        await using RunningService service = await RunningService.StartAsync(options => options with { DataFolder = data });
        await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"ada@example.org","properties":{"total":"x"}}""");
        await service.AppliedAsync(1);
        Assert.DoesNotContain("ada@", await ExitsAsync(0, ["dead", "list", "--data", data]));
        Assert.Contains("bad_property", await ExitsAsync(0, ["dead", "show", "1", "--data", data]));
        Assert.Contains("ada@example.org", await ExitsAsync(0, ["dead", "list", "--raw", "--json", "--data", data]));
        Assert.Contains("1 put back", await ExitsAsync(0, ["dead", "requeue", "--reason", "bad_property", "--data", data, "--url", service.Service.Url!.ToString()]));
        await service.AppliedAsync(2);
        Assert.Contains("0 put back", await ExitsAsync(1, ["dead", "requeue", "1", "--data", data, "--url", service.Service.Url!.ToString()]));
        Assert.Contains("the service is running", await ExitsAsync(3, ["dead", "requeue", "1", "--data", data]));
        string[] lines = (await ExitsAsync(0, ["dead", "list", "--json", "--data", data])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(2, JsonDocument.Parse(lines[0]).RootElement.GetProperty("put_back_as").GetInt64());
        // What named no time keeps that of its first arrival.
        Assert.Equal(JsonDocument.Parse(lines[0]).RootElement.GetProperty("taken_in_at").GetString(), JsonDocument.Parse(lines[1]).RootElement.GetProperty("record").GetProperty("timestamp").GetString());
    }

    private static async Task OrderAsync(RunningService service, string user, int total)
    {
        using HttpResponseMessage answer = await service.PostAsync("/v1/track", $$"""{"type":"track","event":"Order Completed","userId":"{{user}}","properties":{"total":{{total}}} }""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> ExitsAsync(int code, params string[] arguments)
    {
        (int actual, string said, string printed) = await Crash.ServiceProcess.RunWholeAsync(arguments);
        Assert.True(code == actual, $"exit code {actual}: {said} {printed}");
        return printed + said;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 4000 && !holds(); i++)
            await Task.Delay(10);
        Assert.True(holds());
    }
}
