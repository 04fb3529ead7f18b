namespace StreamInsight.Server.Demo;

/// <summary>When in the day people do things. The simulated town lives by Central European winter time, all year.</summary>
internal static class Rhythm
{
    private const long ZoneOffsetMs = Spans.Hour;

    /// <summary>Shop visits an hour, from midnight; 1 = an average hour.</summary>
    private static readonly double[] Visits =
        [0.3, 0.15, 0.1, 0.1, 0.1, 0.2, 0.5, 0.8, 1.0, 1.1, 1.2, 1.2, 1.4, 1.2, 1.0, 1.0, 1.1, 1.3, 1.6, 2.0, 2.3, 2.1, 1.4, 0.8];

    private const double Busiest = 2.3;

    private const int Opens = 8;
    private const int Closes = 21;

    /// <summary>The next visit after <paramref name="fromMs"/> of someone who comes every <paramref name="meanGapMs"/> on average.</summary>
    public static long NextVisit(Chance chance, long fromMs, double meanGapMs)
    {
        double at = fromMs;
        do
            at += Math.Max(chance.Gap(meanGapMs / Busiest), 1);
        while (!chance.Of(Visits[LocalHour((long)at)] / Busiest));
        return (long)at;
    }

    /// <summary>The instant itself if the contact centre is open then, else a moment of the next morning.</summary>
    public static long WhenOpen(Chance chance, long atMs)
    {
        var hour = LocalHour(atMs);
        if (hour >= Opens && hour < Closes)
            return atMs;
        var midnight = atMs + ZoneOffsetMs - Mod(atMs + ZoneOffsetMs, Spans.Day) - ZoneOffsetMs;
        var morning = midnight + Opens * Spans.Hour + (hour >= Closes ? Spans.Day : 0);
        return morning + chance.Between(0, 3 * Spans.Hour);
    }

    private static int LocalHour(long atMs) => (int)(Mod(atMs + ZoneOffsetMs, Spans.Day) / Spans.Hour);

    private static long Mod(long value, long by) => ((value % by) + by) % by;
}
