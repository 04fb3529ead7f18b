namespace StreamInsight.Pipeline;

/// <summary>
/// How far customers' timers may fire. Whatever the clock says, a customer is not moved past a record that is still on its way through us:
/// after a restart the backlog comes first, and the result is that of a replay (docs/decisions, 12).
/// </summary>
internal static class TimerHorizon
{
    /// <summary>Timers due at or before this may fire.</summary>
    public static long UntilMs(IReadOnlyList<SourcePump> pumps, WorkerOptions options, long nowMs) =>
        options.Clock == ClockMode.Wall ? ByWall(pumps, nowMs - (long)options.TimerGrace.TotalMilliseconds) : ByRecords(pumps);

    private static long ByWall(IReadOnlyList<SourcePump> pumps, long horizonMs)
    {
        foreach (SourcePump pump in pumps)
        {
            if (!pump.IsExhausted)
                horizonMs = Math.Min(horizonMs, pump.HorizonMs);
        }
        return horizonMs;
    }

    /// <summary>The latest record time applied, or where a source with a backlog stands.</summary>
    private static long ByRecords(IReadOnlyList<SourcePump> pumps)
    {
        long horizonMs = RecordBatch.NoHorizon;
        foreach (SourcePump pump in pumps)
            horizonMs = Math.Max(horizonMs, pump.LastRecordTimeMs);
        foreach (SourcePump pump in pumps)
        {
            if (!pump.IsExhausted && !pump.IsCaughtUp)
                horizonMs = Math.Min(horizonMs, pump.HorizonMs);
        }
        return horizonMs;
    }
}
