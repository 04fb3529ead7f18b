using System.Globalization;
using Xunit;

namespace StreamInsight.Redis.State;

public sealed class RedisQueuesTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>, IDisposable
{
    private readonly StateSetting _setting = new(redis.Server);

    public void Dispose() => _setting.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Pages_go_by_score_downwards_and_among_equals_by_customer(int page)
    {
        var random = new Random(page);
        (string Customer, double Score)[] all = [.. Enumerable.Range(0, 400).Select(n => ($"u{n}", Math.Round(random.NextDouble() * 12) * 0.1))];
        foreach ((string customer, double score) in all)
            redis.Server.Ask("ZADD", _setting.Prefix + "q:general", score.ToString("R", CultureInfo.InvariantCulture), customer);
        var queues = new RedisQueues(_setting.Node);
        var found = new List<(string Customer, double Score)>();
        for (IReadOnlyList<(string Customer, double Score)> next = queues.Read("general", double.PositiveInfinity, "", page); next.Count > 0; next = queues.Read("general", found[^1].Score, found[^1].Customer, page))
            found.AddRange(next);
        Assert.Equal(all.OrderByDescending(one => one.Score).ThenBy(one => one.Customer, StringComparer.Ordinal), found);
        Assert.Empty(queues.Read("none", double.PositiveInfinity, "", 10));
    }

    [Fact]
    public void Queues_are_counted_by_name_and_another_prefix_is_not_ours()
    {
        redis.Server.Ask("ZADD", _setting.Prefix + "q:b", "1", "u1");
        redis.Server.Ask("ZADD", _setting.Prefix + "q:a:x", "1", "u1", "2", "u2");
        redis.Server.Ask("ZADD", "other:" + _setting.Prefix + "q:c", "1", "u1");
        Assert.Equal([("a:x", 2L), ("b", 1L)], new RedisQueues(_setting.Node).Count());
    }
}
