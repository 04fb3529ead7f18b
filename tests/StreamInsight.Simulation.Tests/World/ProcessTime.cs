namespace StreamInsight.Simulation.World;

/// <summary>Time as one process sees it: a wall clock that may have been set back, a monotonic one, and timers that die with the process.</summary>
public sealed class ProcessTime(SimulatedClock clock) : TimeProvider
{
    private readonly List<Alarm> _alarms = [];
    private long _made;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The true time of the earliest timer; null = there is none.</summary>
    public long? NextMs => _alarms.Count == 0 ? null : _alarms.Min(alarm => alarm.DueMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs - clock.BehindMs);

    public override long GetTimestamp() => clock.NowMs * TimeSpan.TicksPerMillisecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state), _made++);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Fires what is due; true = something was.</summary>
    public bool FireDue()
    {
        bool fired = false;
        while (_alarms.Where(alarm => alarm.DueMs <= clock.NowMs).OrderBy(alarm => alarm.DueMs).ThenBy(alarm => alarm.Number).FirstOrDefault() is { } alarm)
        {
            _alarms.Remove(alarm);
            alarm.Ring();
            fired = true;
        }
        return fired;
    }

    private sealed class Alarm(ProcessTime time, Action ring, long number) : ITimer
    {
        public long DueMs { get; private set; }

        public long Number => number;

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan)
                throw new NotSupportedException("Timers of the pipeline ring once.");
            time._alarms.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            DueMs = time.Now + (long)Math.Ceiling(dueTime.TotalMilliseconds);
            time._alarms.Add(this);
            return true;
        }

        public void Dispose() => time._alarms.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private long Now => clock.NowMs;
}
