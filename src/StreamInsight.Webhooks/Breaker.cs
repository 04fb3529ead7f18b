namespace StreamInsight.Webhooks;

/// <summary>
/// The circuit breaker of one subscriber. Opens after a number of failures in a row, or for as long as the subscriber asks; then one request tries, and its
/// outcome closes or opens again, for longer. Time is an input. Any thread.
/// </summary>
internal sealed class Breaker(int failuresToOpen, RetryDelay delay)
{
    private const long ProbePauseMs = 50;

    private readonly Lock _gate = new();
    private int _failures;
    private int _openings;
    private long _openUntilMs;

    public BreakerState State { get; private set; }

    /// <summary>0 = post now, and tell the outcome; else wait so many ms and ask again.</summary>
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
                    return ProbePauseMs;
                default:
                    return 0;
            }
        }
    }

    /// <summary>It answered, if only to refuse.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            if (State == BreakerState.Gone)
                return;
            State = BreakerState.Closed;
            _failures = 0;
            _openings = 0;
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
            State = BreakerState.Open;
            _openUntilMs = Math.Max(_openUntilMs, nowMs + Math.Max(askedMs, delay.Ms(failuresToOpen + _openings)));
            _openings++;
        }
    }

    /// <summary>The outcome was not waited for.</summary>
    public void Abandoned()
    {
        lock (_gate)
        {
            if (State == BreakerState.HalfOpen)
                State = BreakerState.Open;
        }
    }

    public void Gone()
    {
        lock (_gate)
            State = BreakerState.Gone;
    }
}
