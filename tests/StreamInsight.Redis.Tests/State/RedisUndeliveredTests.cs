using System.Text;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using Xunit;

namespace StreamInsight.Redis.State;

public sealed class RedisUndeliveredTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>, IDisposable
{
    private readonly StateSetting _setting = new(redis.Server);

    public void Dispose() => _setting.Dispose();

    [Fact]
    public void What_is_kept_is_read_by_subscriber_in_order_a_page_at_a_time()
    {
        RedisUndelivered kept = New();
        for (int n = 1; n <= 2500; n++)
            kept.Keep(Fact(n % 2 == 0 ? "crm" : "crm2", n));
        var found = new List<(long Number, UndeliveredFact Fact)>();
        while (kept.Read("crm", found.Count == 0 ? 0 : found[^1].Number, 700) is { Count: > 0 } page)
            found.AddRange(page);
        Assert.Equal(Enumerable.Range(1, 1250).Select(n => $"f{2 * n}"), found.Select(one => one.Fact.FactId));
        (long number, UndeliveredFact first) = found[0];
        Assert.Equal((2L, "crm", "u2", "http_400", 2L, """{"n":2}"""), (number, first.Subscriber, first.Customer, first.Reason, first.AtMs, Encoding.UTF8.GetString(first.Line.Span)));
        Assert.Empty(kept.Read("cr", 0, 10));
    }

    [Fact]
    public void The_same_again_changes_nothing_and_the_oldest_go()
    {
        RedisUndelivered kept = New(most: 3);
        for (int n = 1; n <= 5; n++)
        {
            kept.Keep(Fact("crm", n));
            kept.Keep(Fact("crm", n) with { Reason = "gone" });
        }
        Assert.Equal([(3L, "f3"), (4L, "f4"), (5L, "f5")], kept.Read("crm", 0, 10).Select(one => (one.Number, one.Fact.FactId)));
        Assert.All(kept.Read("crm", 0, 10), one => Assert.Equal("http_400", one.Fact.Reason));
    }

    [Fact]
    public async Task An_erased_customers_go_and_nobody_elses()
    {
        RedisUndelivered kept = New();
        for (int n = 1; n <= 3000; n++)
            kept.Keep(Fact("crm", n));
        Assert.Equal(2, await kept.EraseAsync(new Erasure { Digest = 1, AtMs = 1, UntilMs = 2, Ids = ["u7", "u70", "nobody"] }, default));
        Assert.Equal(2998, kept.Read("crm", 0, 5000).Count);
        Assert.DoesNotContain(kept.Read("crm", 0, 5000), one => one.Fact.Customer is "u7" or "u70");
        kept.Keep(Fact("crm", 3001));
        Assert.Equal(3001, kept.Read("crm", 3000, 10).Single().Number);
    }

    private RedisUndelivered New(int most = 100_000) => new(_setting.Node, most);

    private static UndeliveredFact Fact(string subscriber, int n) => new(subscriber, $"f{n}", $"u{n}", "http_400", n, Encoding.UTF8.GetBytes("{\"n\":" + n + "}"));
}
