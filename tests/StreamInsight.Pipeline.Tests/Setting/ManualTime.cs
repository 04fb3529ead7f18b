namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A clock that stands until it is moved; its timers fire while it is moved.</summary>
public sealed class ManualTime(long startMs) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _nowMs = startMs;

    public long NowMs => Volatile.Read(ref _nowMs);

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public override long GetTimestamp() => NowMs;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        ManualTimer[] timers;
        lock (_gate)
        {
            Volatile.Write(ref _nowMs, _nowMs + (long)by.TotalMilliseconds);
            timers = [.. _timers];
        }
        foreach (ManualTimer timer in timers)
            timer.FireIfDue();
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _dueMs = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Volatile.Write(ref _dueMs, dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.NowMs + (long)Math.Ceiling(dueTime.TotalMilliseconds));
            FireIfDue();
            return true;
        }

        public void FireIfDue()
        {
            long dueMs = Volatile.Read(ref _dueMs);
            if (dueMs <= time.NowMs && Interlocked.CompareExchange(ref _dueMs, long.MaxValue, dueMs) == dueMs)
                callback(state);
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
