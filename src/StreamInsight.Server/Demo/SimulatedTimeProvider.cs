namespace StreamInsight.Server.Demo;

/// <summary>
/// The demo's calendar: <see cref="GetUtcNow"/> is the simulated date, moved forward only by the one who feeds the events, and not before
/// those up to it are in. Durations stay real (<see cref="TimeProvider.GetTimestamp"/>, timers): latencies are measured in true milliseconds.
/// </summary>
public sealed class SimulatedTimeProvider : TimeProvider
{
    private long _nowMs;

    public SimulatedTimeProvider(long startMs) => _nowMs = startMs;

    public long NowMs => Volatile.Read(ref _nowMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    /// <summary>Moves the date to <paramref name="instantMs"/>; an earlier one changes nothing. One caller at a time.</summary>
    public void AdvanceTo(long instantMs)
    {
        if (instantMs > _nowMs)
            Volatile.Write(ref _nowMs, instantMs);
    }
}
