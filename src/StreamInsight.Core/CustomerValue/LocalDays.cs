using StreamInsight.Expressions.Library;
using StreamInsight.Expressions.Nodes;

namespace StreamInsight.CustomerValue;

/// <summary>Calendar days of one time zone, numbered from 1970-01-01.</summary>
internal sealed class LocalDays(Zone zone)
{
    private const long MsPerDay = 86_400_000;
    private const long WidestOffsetMs = 26 * 3_600_000L;

    public long Of(long utcMs) => Calendar.FloorDivide(utcMs + zone.OffsetMs(utcMs, out _), MsPerDay);

    /// <summary>The first instant of a later day, or earlier where the zone changes its offset before.</summary>
    public long NextMidnight(long utcMs)
    {
        long offsetMs = zone.OffsetMs(utcMs, out long changeMs);
        return Math.Min(((Calendar.FloorDivide(utcMs + offsetMs, MsPerDay) + 1) * MsPerDay) - offsetMs, changeMs);
    }

    /// <summary>The first instant of a day; <see cref="long.MaxValue"/> where instants end.</summary>
    public long Start(long day)
    {
        long before = (day * MsPerDay) - WidestOffsetMs, then = (day * MsPerDay) + WidestOffsetMs;
        if (then >= Arithmetic.MaxTimestampMs)
            return long.MaxValue;
        while (then - before > 1)
        {
            long middle = before + ((then - before) / 2);
            if (Of(middle) >= day)
                then = middle;
            else
                before = middle;
        }

        return then;
    }
}
