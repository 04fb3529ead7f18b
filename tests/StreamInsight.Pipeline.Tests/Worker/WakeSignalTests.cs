using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Worker;

public sealed class WakeSignalTests
{
    private readonly WakeSignal _signal = new();
    private readonly ManualTime _time = new(Shop.Noon);

    [Fact]
    public void A_wake_that_comes_while_nobody_waits_is_kept_once()
    {
        _signal.Set();
        _signal.Set();
        Assert.True(_signal.WaitAsync().IsCompleted);
        Assert.False(_signal.WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_waiter_is_woken()
    {
        Task wait = _signal.WaitAsync();
        Assert.False(wait.IsCompleted);
        _signal.Set();
        await wait;
    }

    [Fact]
    public async Task A_wake_after_a_waiter_has_left_is_kept_for_the_next()
    {
        Task<bool> left = _signal.WaitAsync(TimeSpan.FromSeconds(1), _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await left);
        _signal.Set();
        Assert.True(_signal.WaitAsync().IsCompleted);
    }
}
