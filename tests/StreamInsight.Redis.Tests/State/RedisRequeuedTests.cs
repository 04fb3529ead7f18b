using StreamInsight.Events;
using StreamInsight.Pipeline;
using Xunit;

namespace StreamInsight.Redis.State;

public sealed class RedisRequeuedTests(RedisOfTheClass redis) : IClassFixture<RedisOfTheClass>, IDisposable
{
    private readonly StateSetting _setting = new(redis.Server);

    public void Dispose() => _setting.Dispose();

    [Fact]
    public void A_letter_is_claimed_once_until_it_is_let_go_or_a_minute_has_passed()
    {
        using RedisStateStore store = WithLetters(3);
        var marks = new RedisRequeued(_setting.Node);
        Assert.True(marks.Claim(7, 1, 1_000_000));
        Assert.False(marks.Claim(7, 1, 1_000_001));
        Assert.Empty(marks.Read(7));
        Assert.True(marks.Claim(7, 1, 1_060_001));
        marks.Release(7, 1);
        Assert.True(marks.Claim(7, 1, 1_060_002));
        marks.Done(7, 1, "insight.events/3/17");
        Assert.False(marks.Claim(7, 1, long.MaxValue / 2));
        Assert.Equal("insight.events/3/17", marks.Read(7)[1]);
        Assert.Empty(marks.Read(6));
    }

    [Fact]
    public void Marks_of_letters_that_are_kept_no_more_go()
    {
        using RedisStateStore store = WithLetters(4);
        var marks = new RedisRequeued(_setting.Node);
        foreach (int number in Enumerable.Range(1, 4))
        {
            marks.Claim(7, number, 0);
            marks.Done(7, number, "there");
        }
        store.Commit(new Checkpoint { Changes = new HostChanges(), TrimDeadLettersTo = 2 });
        Assert.False(marks.Claim(7, 4, 0));
        Assert.True(marks.Claim(7, 5, 0));
        Assert.Equal([3L, 4L], marks.Read(7).Keys.Order());
    }

    private RedisStateStore WithLetters(int letters)
    {
        RedisStateStore store = _setting.Claim();
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        for (int number = 1; number <= letters; number++)
            checkpoint.DeadLetters.Add(new DeadLetter(number, new SourcePosition("topic/7", number, -1), Refusal.NotJson, 5, new byte[] { 1 }));
        store.Commit(checkpoint);
        return store;
    }
}
