namespace StreamInsight.Pipeline;

/// <summary>Wakes one waiter; a wake that comes while nobody waits is kept (once) for the next wait. Any thread may wake, one waits.</summary>
public sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            waiter = _waiter;
            _waiter = null;
            _isSet = waiter is null;
        }
        waiter?.SetResult();
    }

    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.CompletedTask;
            }
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <summary>False when the time ran out first. <paramref name="cancel"/> throws.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        Task wake = WaitAsync();
        if (wake.IsCompleted)
            return true;
        try
        {
            await wake.WaitAsync(atMost, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return !GiveUp(wake);
        }
    }

    /// <summary>True: the waiter has left before a wake came, and none will be lost on it.</summary>
    private bool GiveUp(Task wake)
    {
        lock (_gate)
        {
            if (wake.IsCompleted || _waiter?.Task != wake)
                return false;
            _waiter = null;
            return true;
        }
    }
}
