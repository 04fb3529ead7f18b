using System.Text;
using StreamInsight.Pipeline;
using Xunit;

namespace StreamInsight.Redis.State;

/// <summary>Commits whose answer never came: made again, they count once.</summary>
public sealed class LostAnswerTests : IClassFixture<RedisOfTheClass>, IDisposable
{
    private readonly RedisOfTheClass _redis;
    private readonly SwallowingProxy _proxy;
    private readonly StateSetting _setting;

    public LostAnswerTests(RedisOfTheClass redis)
    {
        _redis = redis;
        _proxy = new SwallowingProxy(redis.Server.Port);
        _setting = new StateSetting(redis.Server, _proxy.Address);
    }

    [Fact]
    public async Task A_commit_that_was_taken_while_the_connection_died_is_not_taken_twice()
    {
        using RedisStateStore store = _setting.Claim();
        store.Commit(StateSetting.Checkpoint(1));
        for (int n = 2; n < 6; n++)
        {
            Checkpoint checkpoint = StateSetting.Checkpoint(n);
            _proxy.SwallowsAnswers = true;
            Task<DependencyUnavailableException> lost = Assert.ThrowsAsync<DependencyUnavailableException>(() => Task.Run(() => store.Commit(checkpoint)));
            await CommittedAsync(n);
            _proxy.SwallowsAnswers = false;
            _proxy.Cut();
            Assert.True((await lost).MayPass);

            Assert.Throws<InvalidOperationException>(() => store.Commit(StateSetting.Checkpoint(n)));
            store.Commit(checkpoint);
            Assert.Equal(StateSetting.Described(n), StateSetting.Describe(store));
        }
    }

    [Fact]
    public async Task A_commit_that_was_taken_but_never_answered_is_not_taken_twice()
    {
        using var node = new RedisNode(_setting.Options(_proxy.Address) with { CommandTimeout = TimeSpan.FromMilliseconds(300) });
        using RedisStateStore store = _setting.Claim(node: node);
        store.Commit(StateSetting.Checkpoint(1));
        Checkpoint checkpoint = StateSetting.Checkpoint(2);
        _proxy.SwallowsAnswers = true;
        Assert.True(Assert.Throws<DependencyUnavailableException>(() => store.Commit(checkpoint)).MayPass);
        await CommittedAsync(2);
        Assert.True(Assert.Throws<DependencyUnavailableException>(() => store.Commit(checkpoint)).MayPass);
        _proxy.SwallowsAnswers = false;

        Retry(() => store.Commit(checkpoint));
        store.Commit(StateSetting.Checkpoint(3));
        Assert.Equal(StateSetting.Described(3), StateSetting.Describe(store));
    }

    [Fact]
    public async Task Partitions_that_share_a_connection_lose_nothing_when_it_is_cut_again_and_again()
    {
        const int Commits = 60;
        RedisStateStore[] stores = [.. Enumerable.Range(0, 6).Select(partition => _setting.Claim(partition, patience: TimeSpan.FromMinutes(5)))];
        int working = stores.Length;
        Task[] writing = [.. stores.Select(store => Task.Run(() =>
        {
            for (int n = 1; n <= Commits; n++)
            {
                Checkpoint checkpoint = StateSetting.Checkpoint(n);
                Retry(() => store.Commit(checkpoint));
                // Each reads what it has written, and never another's.
                Assert.Equal(StateSetting.Described(n), StateSetting.Describe(store));
                store.Prefetch(["u1", "u2"]);
                Assert.Equal($"state {n}", Encoding.UTF8.GetString(store.LoadCustomer("u1")!));
                Assert.Null(store.LoadCustomer("u2"));
            }
            Interlocked.Decrement(ref working);
        }))];
        for (int cuts = 0; cuts < 40 && Volatile.Read(ref working) > 0 && !writing.Any(task => task.IsFaulted); cuts++)
        {
            _redis.Server.Ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            _proxy.Cut();
        }
        await Task.WhenAll(writing);
        Assert.All(stores, store => Assert.Equal(StateSetting.Described(Commits), StateSetting.Describe(store)));
    }

    public void Dispose()
    {
        _setting.Dispose();
        _proxy.Dispose();
    }

    private async Task CommittedAsync(long number)
    {
        while (_redis.Server.Ask("HGET", _setting.Prefix + "{p7}:meta", "commit").GetString() != $"{number}")
            await Task.Yield();
    }

    private static void Retry(Action work)
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
                // As the worker does, which waits a little in between.
            }
        }
    }
}
