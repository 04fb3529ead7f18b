namespace StreamInsight.Webhooks.Tests;

public sealed class BreakerTests
{
    private static Breaker New() => new(3, new RetryDelay(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), () => 0.999));

    [Fact]
    public void It_opens_after_failures_in_a_row_and_one_request_tries()
    {
        Breaker breaker = New();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, breaker.WaitMs(1000));
            breaker.Failed(1000, 0);
        }
        Assert.Equal(BreakerState.Open, breaker.State);
        long waitMs = breaker.WaitMs(1000);
        Assert.InRange(waitMs, 3900, 4000);
        Assert.Equal(0, breaker.WaitMs(1000 + waitMs));
        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        Assert.NotEqual(0, breaker.WaitMs(1000 + waitMs));
        breaker.Answered();
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void A_try_that_fails_opens_it_for_longer()
    {
        Breaker breaker = New();
        for (int i = 0; i < 3; i++)
            breaker.Failed(0, 0);
        long first = breaker.WaitMs(0);
        Assert.Equal(0, breaker.WaitMs(first));
        breaker.Failed(first, 0);
        Assert.True(breaker.WaitMs(first) > first);
    }

    [Fact]
    public void A_success_between_keeps_it_closed()
    {
        Breaker breaker = New();
        for (int i = 0; i < 10; i++)
        {
            breaker.Failed(0, 0);
            breaker.Failed(0, 0);
            breaker.Answered();
        }
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void It_is_left_alone_for_as_long_as_it_asks()
    {
        Breaker breaker = New();
        breaker.Failed(0, 120_000);
        Assert.Equal(120_000, breaker.WaitMs(0));
    }

    [Fact]
    public void A_try_that_was_not_waited_for_may_be_made_again()
    {
        Breaker breaker = New();
        breaker.Failed(0, 1);
        long wait = breaker.WaitMs(0);
        Assert.Equal(0, breaker.WaitMs(wait));
        breaker.Abandoned();
        Assert.Equal(0, breaker.WaitMs(wait));
    }

    [Fact]
    public void Jitter_is_full_and_its_limit_doubles_up_to_the_longest()
    {
        var high = new RetryDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), () => 0.999999);
        var low = new RetryDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), () => 0);
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Enumerable.Range(1, 6).Select(high.Ms));
        Assert.All(Enumerable.Range(1, 60), failures => Assert.Equal(1, low.Ms(failures)));
    }
}
