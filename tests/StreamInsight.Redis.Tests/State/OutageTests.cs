using System.Text;
using StreamInsight.Pipeline;
using StreamInsight.Testing;
using Xunit;

namespace StreamInsight.Redis.State;

public sealed class OutageTests : IDisposable
{
    private readonly RedisServer _redis = new();
    private readonly StateSetting _setting;

    public OutageTests() => _setting = new StateSetting(_redis);

    [Fact]
    public void While_Redis_is_away_commits_fail_and_then_go_on()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(StateSetting.Checkpoint(1));
        _redis.Kill();
        Checkpoint checkpoint = StateSetting.Checkpoint(2);
        for (int tries = 0; tries < 3; tries++)
        {
            var away = Assert.Throws<DependencyUnavailableException>(() => store.Commit(checkpoint));
            Assert.True(away.MayPass, away.Message);
            Assert.Contains($"Redis at 127.0.0.1:{_redis.Port}", away.Message);
        }
        _redis.Restart();

        Again(() => store.Commit(checkpoint));
        store.Commit(StateSetting.Checkpoint(3));
        Assert.Equal(StateSetting.Described(3), StateSetting.Describe(store));
    }

    [Fact]
    public async Task A_writers_load_waits_for_Redis_and_a_readers_does_not()
    {
        using RedisStateStore writer = _setting.Claim(patience: TimeSpan.FromMinutes(5)), reader = _setting.OpenRead();
        writer.Commit(StateSetting.Checkpoint(1));
        _redis.Kill();
        Assert.Throws<DependencyUnavailableException>(() => reader.LoadCustomer("u1"));
        Task<byte[]?> loading = Task.Run(() => writer.LoadCustomer("u1"));
        while (writer.Problem is null)
            await Task.Yield();
        Assert.False(loading.IsCompleted);
        _redis.Restart();
        Assert.Equal("state 1", Encoding.UTF8.GetString((await loading)!));
        Assert.Null(writer.Problem);

        _redis.Kill();
        Task<byte[]?> waiting = Task.Run(() => writer.LoadCustomer("u1"));
        while (writer.Problem is null)
            await Task.Yield();
        writer.Dispose();
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => waiting);
    }

    [Fact]
    public void Everything_is_there_after_a_restart()
    {
        using (RedisStateStore store = _setting.Claim())
        {
            for (int n = 1; n <= 5; n++)
                store.Commit(StateSetting.Checkpoint(n));
        }
        _redis.Kill();
        _redis.Restart();
        using var node = new RedisNode(_setting.Options());
        using RedisStateStore again = _setting.Claim(node: node);
        Assert.Equal(StateSetting.Described(5), StateSetting.Describe(again));
        again.Commit(StateSetting.Checkpoint(6));
        Assert.Equal(StateSetting.Described(6), StateSetting.Describe(again));
    }

    [Fact]
    public async Task When_Redis_is_killed_amid_commits_every_acknowledged_one_is_there_and_none_by_half()
    {
        using RedisStateStore store = _setting.Claim();
        long done = 0;
        for (int round = 0; round < 5; round++)
        {
            using var some = new SemaphoreSlim(0);
            Checkpoint? refused = null;
            Task writing = Task.Run(() =>
            {
                while (true)
                {
                    refused = StateSetting.Checkpoint(done + 1);
                    store.Commit(refused);
                    done++;
                    some.Release();
                }
            });
            for (int i = 0; i < 10; i++)
                await some.WaitAsync();
            _redis.Kill();
            Assert.True((await Assert.ThrowsAsync<DependencyUnavailableException>(() => writing)).MayPass);
            _redis.Restart();

            using (var node = new RedisNode(_setting.Options()))
            using (RedisStateStore reader = RedisStateStore.OpenRead(node, 7))
                Assert.Contains(StateSetting.Describe(reader), (string[])[StateSetting.Described(done), StateSetting.Described(done + 1)]);

            Again(() => store.Commit(refused!));
            done++;
            Assert.Equal(StateSetting.Described(done), StateSetting.Describe(store));
        }
    }

    [Fact]
    public void A_Redis_without_memory_refuses_a_commit_whole()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(StateSetting.Checkpoint(1));
        _redis.Ask("CONFIG", "SET", "maxmemory", "1");
        Checkpoint checkpoint = StateSetting.Checkpoint(2);
        checkpoint.Changes.RemovedCustomers.Add("nobody");
        checkpoint.TrimFactsTo = 1;

        var full = Assert.Throws<DependencyUnavailableException>(() => store.Commit(checkpoint));
        Assert.True(full.MayPass);
        Assert.Contains("OOM", full.Message);
        Assert.Contains("maxmemory", full.Message);
        Assert.Equal(StateSetting.Described(1), StateSetting.Describe(store));

        _redis.Ask("CONFIG", "SET", "maxmemory", "0");
        checkpoint.TrimFactsTo = 0;
        store.Commit(checkpoint);
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(store));
    }

    [Fact]
    public void A_Redis_that_became_a_replica_refuses_until_it_is_the_primary_again()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(StateSetting.Checkpoint(1));
        _redis.Ask("REPLICAOF", "127.0.0.1", "1");
        Checkpoint checkpoint = StateSetting.Checkpoint(2);
        for (int tries = 0; tries < 2; tries++)
        {
            var refused = Assert.Throws<DependencyUnavailableException>(() => store.Commit(checkpoint));
            Assert.True(refused.MayPass, refused.Message);
        }
        _redis.Ask("REPLICAOF", "NO", "ONE");
        Again(() => store.Commit(checkpoint));
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(store));
    }

    [Fact]
    public void A_Redis_that_forgot_acknowledged_commits_is_not_written_until_the_partition_is_claimed_anew()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(StateSetting.Checkpoint(1));
        Remember();
        store.Commit(StateSetting.Checkpoint(2));
        store.Commit(StateSetting.Checkpoint(3));
        GoBack();

        var gone = Assert.Throws<DependencyUnavailableException>(() => store.Commit(StateSetting.Checkpoint(4)));
        Assert.False(gone.MayPass);
        Assert.Contains("are gone", gone.Message);
        using RedisStateStore again = _setting.Claim();
        Assert.Equal(StateSetting.Described(1), StateSetting.Describe(again));
        again.Commit(StateSetting.Checkpoint(2));
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(again));

        _redis.Ask("FLUSHALL");
        gone = Assert.Throws<DependencyUnavailableException>(() => again.Commit(StateSetting.Checkpoint(3)));
        Assert.False(gone.MayPass);
        Assert.Empty(_redis.Keys());
    }

    [Fact]
    public void Two_claims_that_a_failover_gave_the_same_generation_are_told_apart()
    {
        using RedisStateStore first = _setting.Claim();
        first.Commit(StateSetting.Checkpoint(1));
        Remember();
        using RedisStateStore lost = _setting.Claim();
        GoBack();
        using RedisStateStore second = _setting.Claim();
        Assert.Equal(lost.Generation, second.Generation);

        Assert.Throws<FencedException>(() => lost.Commit(StateSetting.Checkpoint(2)));
        second.Commit(StateSetting.Checkpoint(2));
        Assert.Equal(StateSetting.Described(2), StateSetting.Describe(second));
    }

    [Fact]
    public void Settings_that_endanger_the_state_are_told()
    {
        Assert.Empty(_setting.Node.Check());
        _redis.Ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        Assert.Contains("Set maxmemory-policy noeviction.", Assert.Single(_setting.Node.Check()));
        _redis.Ask("CONFIG", "SET", "appendonly", "no");
        Assert.Contains("Set appendonly yes.", _setting.Node.Check()[1]);
    }

    [Fact]
    public void A_wrong_password_does_not_pass()
    {
        _redis.Ask("CONFIG", "SET", "requirepass", "right");
        using var node = new RedisNode(_setting.Options() with { Password = "wrong" });
        Assert.False(Assert.Throws<DependencyUnavailableException>(() => _setting.Claim(node: node)).MayPass);
    }

    public void Dispose()
    {
        _setting.Dispose();
        _redis.Dispose();
    }

    /// <summary>The first try after an outage may still meet the old connection.</summary>
    private static void Again(Action work)
    {
        while (true)
        {
            try
            {
                work();
                return;
            }
            catch (DependencyUnavailableException error) when (error.MayPass)
            {
                Thread.Yield();
            }
        }
    }

    private void Remember()
    {
        foreach (string key in _redis.Keys())
            _redis.Ask("COPY", key, "kept/" + key, "REPLACE");
    }

    /// <summary>As a failover to a replica that lagged.</summary>
    private void GoBack()
    {
        foreach (string key in _redis.Keys().Where(key => !key.StartsWith("kept/", StringComparison.Ordinal)))
            _redis.Ask("DEL", key);
        foreach (string key in _redis.Keys())
            _redis.Ask("RENAME", key, key["kept/".Length..]);
    }
}
