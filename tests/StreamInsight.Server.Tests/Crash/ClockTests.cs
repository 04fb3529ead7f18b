using System.Text.Json;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>Someone sets the clock of the machine back.</summary>
public sealed class ClockTests
{
    private const string Model = """
        model: shop
        version: 1
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          spend: { sum: order.total, window: 30d }
          orders: { count: order }
          lately: { count: order, window: 1s }
        segments:
          big: { when: "features.spend >= 100.0" }
          active: { when: "features.lately > 0" }
        triggers:
          big_in: { on: entered(big), to: [redis], with: [features.spend] }
        """;

    [Fact]
    public async Task A_clock_that_goes_back_an_hour_loses_no_event_no_fact_and_no_timer()
    {
        using var redis = new RedisServer();
        var clock = new SettableClock();
        await using RunningService service = await RunningService.StartAsync(
            o => o with { Redis = new() { Address = redis.Address }, Worker = o.Worker with { CheckpointInterval = TimeSpan.FromMilliseconds(20) } }, Model, clock);
        for (int i = 0; i < 20; i++)
        {
            if (i == 10)
                clock.Behind = TimeSpan.FromHours(1);
            (await service.PostAsync("/v1/track", $$"""{"type":"track","event":"Order Completed","userId":"u{{i % 5}}","messageId":"m{{i}}","properties":{"total":30} }""")).EnsureSuccessStatusCode();
        }
        for (int customer = 0; customer < 5; customer++)
        {
            string profile = await service.GetUntilAsync($"/v1/customers/u{customer}", answer => answer.Contains("\"big\""));
            Assert.Equal(4, JsonDocument.Parse(profile).RootElement.GetProperty("features").GetProperty("orders").GetInt64());
        }
        // New customers live in the hour that comes twice: their timers fire in it.
        (await service.PostAsync("/v1/track", """{"type":"track","event":"Order Completed","userId":"new","properties":{"total":30} }""")).EnsureSuccessStatusCode();
        await service.GetUntilAsync("/v1/customers/new/facts", answer => answer.Contains("segment_left"));
        // The others wait for the clock to pass what they have lived through.
        clock.Behind = TimeSpan.Zero;
        await service.GetUntilAsync("/v1/segments", answer => answer.Contains("\"active\"") && redis.Scores("si:s:active").Count == 0);
        Assert.Equal(5, redis.Stream("si:t:big_in").Select(entry => entry["customer"]).Distinct().Count());
    }

    private sealed class SettableClock : TimeProvider
    {
        private long _behind;

        public TimeSpan Behind { set => Volatile.Write(ref _behind, value.Ticks); }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow - TimeSpan.FromTicks(Volatile.Read(ref _behind));
    }
}
