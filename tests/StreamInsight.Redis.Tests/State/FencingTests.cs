using StreamInsight.Pipeline;
using Xunit;

namespace StreamInsight.Redis.State;

public sealed class FencingTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>, IDisposable
{
    private readonly StateSetting _setting = new(redis.Server);

    [Fact]
    public void A_node_that_lost_its_partition_cannot_write()
    {
        using RedisStateStore old = _setting.Claim();
        old.Commit(StateSetting.Checkpoint(1));
        using RedisStateStore current = _setting.Claim();
        Assert.Equal(old.Generation + 1, current.Generation);

        var refused = Assert.Throws<FencedException>(() => old.Commit(StateSetting.Checkpoint(2)));
        Assert.Contains("another node has taken partition 7", refused.Message);
        Assert.Throws<FencedException>(() => old.Commit(StateSetting.Checkpoint(2)));
        Assert.Equal(StateSetting.Described(1), StateSetting.Describe(current));

        current.Commit(StateSetting.Checkpoint(2));
        Assert.Throws<FencedException>(() => old.Commit(StateSetting.Checkpoint(3)));
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(current));
    }

    [Fact]
    public async Task A_claim_amid_a_stream_of_commits_takes_all_that_were_acknowledged_and_lets_none_in_after()
    {
        using RedisStateStore old = _setting.Claim();
        using var node = new RedisNode(_setting.Options());
        long acknowledged = 0;
        using var many = new SemaphoreSlim(0);
        Task writing = Task.Run(() =>
        {
            for (long n = 1; ; n++)
            {
                old.Commit(StateSetting.Checkpoint(n));
                Volatile.Write(ref acknowledged, n);
                many.Release();
            }
        });
        for (int i = 0; i < 50; i++)
            await many.WaitAsync();

        using RedisStateStore current = _setting.Claim(node: node);
        string taken = StateSetting.Describe(current);
        await Assert.ThrowsAsync<FencedException>(() => writing);

        Assert.Equal(StateSetting.Described(acknowledged), taken);
        Assert.Equal(taken, StateSetting.Describe(current));
        current.Commit(StateSetting.Checkpoint(acknowledged + 1));
        Assert.Equal(StateSetting.Described(acknowledged + 1), StateSetting.Describe(current));
    }

    [Fact]
    public void Another_partitions_claim_fences_nobody()
    {
        using RedisStateStore seven = _setting.Claim(7), eight = _setting.Claim(8);
        seven.Commit(StateSetting.Checkpoint(1));
        eight.Commit(StateSetting.Checkpoint(1, "u8"));
        Assert.Equal(StateSetting.Described(1), StateSetting.Describe(seven));
        Assert.Equal(StateSetting.Described(1), StateSetting.Describe(eight, "u8"));
        Assert.Equal(seven.Secret.ToArray(), eight.Secret.ToArray());
    }

    [Fact]
    public void A_reader_sees_every_commit_and_changes_nothing()
    {
        using (RedisStateStore nobodys = _setting.OpenRead(3))
        {
            Assert.Null(nobodys.LoadCustomer("u1"));
            Assert.Equal(0, nobodys.LastFactPosition);
        }
        Assert.Empty(redis.Server.Keys(_setting.Prefix + "*"));

        using RedisStateStore writer = _setting.Claim(), reader = _setting.OpenRead();
        writer.Commit(StateSetting.Checkpoint(1));
        Assert.Equal(StateSetting.Described(1), StateSetting.Describe(reader));
        writer.Commit(StateSetting.Checkpoint(2));
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(reader));
        Assert.Throws<InvalidOperationException>(() => reader.Commit(StateSetting.Checkpoint(3)));
        Assert.Equal(writer.Secret.ToArray(), reader.Secret.ToArray());

        string changes = Changes();
        StateSetting.Describe(reader);
        reader.LoadTimers(new StoredTimer(1, "a"), long.MaxValue, 10);
        reader.CountByStage();
        reader.LoadAliases("u1");
        Assert.Equal(changes, Changes());
        writer.Commit(StateSetting.Checkpoint(3));
        Assert.NotEqual(changes, Changes());
    }

    [Fact]
    public void All_keys_of_a_partition_share_a_hash_slot()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(StateSetting.Checkpoint(1));
        string[] keys = redis.Server.Keys(_setting.Prefix + "*");
        Assert.All(keys, key => Assert.True(key == _setting.Prefix + "cluster" || key.StartsWith(_setting.Prefix + "{p7}:", StringComparison.Ordinal), key));
        Assert.Contains(_setting.Prefix + "{p7}:customers", keys);
    }

    public void Dispose() => _setting.Dispose();

    private string Changes() => redis.Server.Info("persistence")["rdb_changes_since_last_save"];
}
