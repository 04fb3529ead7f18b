using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Testing;
using Xunit;

namespace StreamInsight.Redis;

public sealed class RedisEraserTests : IDisposable
{
    private readonly RedisServer _redis = new();

    public void Dispose() => _redis.Dispose();

    [Fact]
    public async Task Everything_of_an_erased_customer_goes_and_nothing_of_others()
    {
        var log = new FactLog();
        log.Enter("u1", "gold", 1_000);
        log.Enter("u2", "gold", 1_000);
        for (int i = 0; i < 12_000; i++)
            log.Trigger(i % 3 == 0 ? "u1" : "u2", "t", 2_000 + i);
        await using (var sink = new RedisFactSink(new RedisOptions { Address = _redis.Address }))
            await sink.DeliverAsync(log.Facts, default);
        _redis.Ask("ZADD", "si:q:callback", "5", "u1", "6", "u2");
        _redis.Ask("SET", "si:a:email:one", "u1");
        _redis.Ask("SET", "si:a:email:two", "u2");
        _redis.Ask("SET", "si:a:phone:one", "device-1");
        _redis.Ask("HSET", "si:h:{u1}", "si:a:email:one", "", "si:a:email:two", "", "queue", "si:q:callback");
        _redis.Ask("HSET", "si:h:{device-1}", "si:a:phone:one", "");
        _redis.Ask("ZADD", "si:w", "5", "u1");
        _redis.Ask("ZADD", "other:s:gold", "5", "u1");

        using var eraser = new RedisEraser(new RedisOptions { Address = _redis.Address });
        var erasure = new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ["u1", "device-1"] };
        // Record, cursor, holdings of both, segment, queue, two aliases (one is another's by now), a third of the stream.
        Assert.Equal(8 + 4_000, await eraser.EraseAsync(erasure, default));
        Assert.Equal(0, await eraser.EraseAsync(erasure, default));

        Assert.Equal(["other:s:gold", "si:a:email:two", "si:c:{u2}", "si:n:{u2}", "si:q:callback", "si:s:gold", "si:t:t"], _redis.Keys());
        Assert.Equal(["u2"], _redis.Scores("si:s:gold").Keys);
        Assert.Equal(["u2"], _redis.Scores("si:q:callback").Keys);
        Assert.Equal(8_000, _redis.Stream("si:t:t").Count(entry => entry["customer"] == "u2"));
        Assert.Equal(8_000, _redis.Stream("si:t:t").Count);
    }

    [Fact]
    public async Task Redis_away_is_told_and_it_is_done_when_it_is_back()
    {
        using var eraser = new RedisEraser(new RedisOptions { Address = _redis.Address, CommandTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1) });
        var erasure = new Erasure { Digest = 1, AtMs = 0, UntilMs = 1, Ids = ["u1"] };
        _redis.Ask("SET", "si:n:{u1}", "3");
        Assert.Equal(1, await eraser.EraseAsync(erasure, default));
        _redis.Kill();
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => eraser.EraseAsync(erasure, default));
        _redis.Restart();
        _redis.Ask("SET", "si:n:{u1}", "3");
        Assert.Equal(1, await eraser.EraseAsync(erasure, default));
    }
}
