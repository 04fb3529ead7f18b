namespace StreamInsight.Webhooks;

/// <summary>
/// The circuit breaker of one subscriber. Opens after a number of failures in a row, or for as long as the subscriber asks; then one request tries, and its
/// outcome closes or opens again, for longer. Time is an input. Any thread.
/// </summary>
internal sealed class Breaker(int failuresToOpen, RetryDelay delay)
{
    /// <summary>While one request tries: until <see cref="Settled"/>.</summary>
    public const long UntilSettled = long.MaxValue;

    private readonly Lock _gate = new();
    private int _failures;
    private int _openings;
    private long _openUntilMs;
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BreakerState State { get; private set; }

    /// <summary>Done when it is known anew whether one may post: all who wait need look only then.</summary>
    public Task Settled
    {
        get
        {
            lock (_gate)
                return _settled.Task;
        }
    }

    /// <summary>0 = post now, and tell the outcome; else wait so many ms, or until <see cref="Settled"/>, and ask again.</summary>
    public long WaitMs(long nowMs)
    {
        lock (_gate)
        {
            switch (State)
            {
                case BreakerState.Open when nowMs >= _openUntilMs:
                    State = BreakerState.HalfOpen;
                    return 0;
                case BreakerState.Open:
                    return _openUntilMs - nowMs;
                case BreakerState.HalfOpen:
                    return UntilSettled;
                default:
                    return 0;
            }
        }
    }

    /// <summary>As <see cref="WaitMs"/>, but only looks: 0 = one would be let through now.</summary>
    public long LeftMs(long nowMs)
    {
        lock (_gate)
            return State switch { BreakerState.Open => Math.Max(0, _openUntilMs - nowMs), BreakerState.HalfOpen => UntilSettled, _ => 0 };
    }

    /// <summary>It answered, if only to refuse.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            if (State == BreakerState.Gone)
                return;
            bool wasOpen = State != BreakerState.Closed;
            State = BreakerState.Closed;
            _failures = 0;
            _openings = 0;
            if (wasOpen)
                Settle();
        }
    }

    /// <param name="askedMs">How long it asks to be left alone; 0 = it did not.</param>
    public void Failed(long nowMs, long askedMs)
    {
        lock (_gate)
        {
            _failures++;
            if (State == BreakerState.Gone || (State == BreakerState.Closed && _failures < failuresToOpen && askedMs == 0))
                return;
            bool hasTried = State == BreakerState.HalfOpen;
            State = BreakerState.Open;
            _openUntilMs = Math.Max(_openUntilMs, nowMs + Math.Max(askedMs, delay.Ms(failuresToOpen + _openings)));
            _openings++;
            if (hasTried)
                Settle();
        }
    }

    /// <summary>The outcome was not waited for.</summary>
    public void Abandoned()
    {
        lock (_gate)
        {
            if (State != BreakerState.HalfOpen)
                return;
            State = BreakerState.Open;
            Settle();
        }
    }

    public void Gone()
    {
        lock (_gate)
        {
            State = BreakerState.Gone;
            Settle();
        }
    }

    private void Settle()
    {
        _settled.TrySetResult();
        _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
