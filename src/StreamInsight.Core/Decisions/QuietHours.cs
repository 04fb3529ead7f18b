using StreamInsight.Definitions;
using StreamInsight.Expressions.Library;

namespace StreamInsight.Decisions;

/// <summary>Quiet hours on the customer's clock on the wall, daylight saving included.</summary>
internal static class QuietHours
{
    private const long MinuteMs = 60_000, DayMs = 86_400_000;

    /// <summary>Whether it is quiet at an instant, and the first later instant at which that may turn.</summary>
    public static bool IsQuiet(QuietDefinition quiet, Zone zone, long nowMs, out long turnsMs)
    {
        long offsetMs = zone.OffsetMs(nowMs, out long offsetChangesMs);
        long ofDayMs = (((nowMs + offsetMs) % DayMs) + DayMs) % DayMs;
        long fromMs = quiet.FromMinute * MinuteMs, toMs = quiet.ToMinute * MinuteMs;
        bool isQuiet = fromMs < toMs ? ofDayMs >= fromMs && ofDayMs < toMs : ofDayMs >= fromMs || ofDayMs < toMs;
        long waitMs = (isQuiet ? toMs : fromMs) - ofDayMs;
        turnsMs = Math.Min(nowMs + (waitMs > 0 ? waitMs : waitMs + DayMs), offsetChangesMs);
        return isQuiet;
    }
}
