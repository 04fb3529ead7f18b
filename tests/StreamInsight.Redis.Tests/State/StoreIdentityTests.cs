using Xunit;

namespace StreamInsight.Redis.State;

public sealed class StoreIdentityTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>, IDisposable
{
    private static readonly RedisStoreIdentity s_shop = new() { Group = "shop", Partitions = 16, Model = "shop@3", ModelLayout = "abc" };

    private readonly StateSetting _setting = new(redis.Server);

    public static TheoryData<string, RedisStoreIdentity, string> Others => new()
    {
        { "model", s_shop with { Model = "bank@3" }, "holds the customers of the model shop@3, not of bank@3" },
        { "version", s_shop with { Model = "shop@2" }, "the model given is older: shop@2" },
        { "layout", s_shop with { ModelLayout = "abd" }, "other traits, features" },
        { "partitions", s_shop with { Partitions = 17 }, "16 partitions, not on 17" },
        { "group", s_shop with { Group = "shop-2" }, "the group shop, not of shop-2" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void State_of_another_is_refused_and_left_as_it_is(string what, RedisStoreIdentity other, string why)
    {
        Assert.NotNull(what);
        using RedisStateStore store = Claim(s_shop);
        store.Commit(StateSetting.Checkpoint(1));
        // By the key of the cluster, for a partition that nobody has claimed; and by its own, where that key was lost.
        Assert.Contains(why, Assert.Throws<StoreMismatchException>(() => Claim(other, 3)).Message);
        redis.Server.Ask("DEL", _setting.Prefix + "cluster");
        Assert.Contains(why, Assert.Throws<StoreMismatchException>(() => Claim(other)).Message);
        store.Commit(StateSetting.Checkpoint(2));
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(store));
    }

    [Fact]
    public void A_newer_version_of_the_model_takes_the_state_and_the_older_one_is_refused_from_then_on()
    {
        using RedisStateStore old = Claim(s_shop), newer = Claim(s_shop with { Model = "shop@4" });
        Assert.Contains("was written with shop@4", Assert.Throws<StoreMismatchException>(() => Claim(s_shop)).Message);
        using RedisStateStore again = Claim(s_shop with { Model = "shop@4" });
        Assert.Equal(3, again.Generation);
    }

    [Theory]
    [InlineData("layout")]
    [InlineData("state_version")]
    public void State_of_a_newer_version_is_refused(string field)
    {
        using (Claim(s_shop))
            redis.Server.Ask("HSET", _setting.Prefix + "{p7}:meta", field, "99");
        Assert.Contains("written by a newer StreamInsight", Assert.Throws<StoreMismatchException>(() => Claim(s_shop)).Message);
        Assert.Contains("written by a newer StreamInsight", Assert.Throws<StoreMismatchException>(() => RedisStateStore.OpenRead(_setting.Node, 7)).Message);
    }

    [Fact]
    public void A_key_that_something_else_wrote_is_refused()
    {
        redis.Server.Ask("SET", _setting.Prefix + "{p7}:timers", "mine");
        Assert.Contains("{p7}:timers is a String, and not the SortedSet", Assert.Throws<StoreMismatchException>(() => Claim(s_shop)).Message);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_agree()
    {
        RedisStateStore[] stores = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Claim(s_shop, i % 4))));
        Assert.All(stores, store => Assert.Equal(stores[0].Secret.ToArray(), store.Secret.ToArray()));
        Assert.Equal([1, 2, 3], stores.Where(store => store.Partition == 2).Select(store => store.Generation).Order());
    }

    public void Dispose() => _setting.Dispose();

    private RedisStateStore Claim(RedisStoreIdentity identity, int partition = 7) => RedisStateStore.Claim(_setting.Node, partition, identity, patience: TimeSpan.Zero);
}
