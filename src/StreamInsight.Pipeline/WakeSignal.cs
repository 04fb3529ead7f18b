namespace StreamInsight.Pipeline;

/// <summary>
/// Wakes one waiter; a wake that comes while nobody waits is kept (once) for the next wait. Any thread may wake, one waits.
/// A waiter goes on where it waited (its task scheduler), never on a thread of the pool's choosing: a simulation decides what runs when.
/// </summary>
public sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _waiter;   // false = it left before a wake came
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource<bool>? waiter;
        lock (_gate)
        {
            waiter = _waiter;
            _waiter = null;
            _isSet = waiter is null;
        }
        waiter?.SetResult(true);
    }

    public Task WaitAsync() => Wait();

    /// <summary><paramref name="cancel"/> throws.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Task<bool> wake = Wait();
        using CancellationTokenRegistration leaving = cancel.UnsafeRegister(_ => GiveUp(wake), null);
        if (!await wake)
            cancel.ThrowIfCancellationRequested();
    }

    /// <summary>False when the time ran out first. <paramref name="cancel"/> throws.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Task<bool> wake = Wait();
        if (wake.IsCompleted)
            return true;
        using CancellationTokenRegistration leaving = cancel.UnsafeRegister(_ => GiveUp(wake), null);
        using ITimer timer = time.CreateTimer(_ => GiveUp(wake), null, atMost, Timeout.InfiniteTimeSpan);
        if (await wake)
            return true;
        cancel.ThrowIfCancellationRequested();
        return false;
    }

    private Task<bool> Wait()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.FromResult(true);
            }
            _waiter ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <summary>The waiter leaves, unless a wake has come before; none will be lost on it.</summary>
    private void GiveUp(Task<bool> wake)
    {
        TaskCompletionSource<bool>? waiter;
        lock (_gate)
        {
            if (_waiter?.Task != wake)
                return;
            waiter = _waiter;
            _waiter = null;
        }
        waiter.SetResult(false);
    }
}
