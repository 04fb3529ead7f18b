namespace StreamInsight.Routing;

/// <summary>
/// A score for Genesys Cloud, where one point of priority counts as one minute waited in the queue: a conversation is taken by the time it joined less its points
/// in minutes, the earliest first. Pure; any thread.
/// <para>
/// Points are bounded, so nobody who joins more than <see cref="GreatestExtraWaitMinutes"/> later is served first, whatever comes in.
/// Laws: points never fall when the score or the time waited elsewhere rises; they are in 0 … <see cref="MaxPoints"/> for any input.
/// </para>
/// </summary>
public sealed class GenesysAdapter
{
    /// <summary>Genesys Cloud takes -25,000,000 to 25,000,000.</summary>
    public const int MaxPoints = 25_000_000;

    private const int DefaultExtraWaitMinutes = 10;

    /// <param name="greatestExtraWaitMinutes">0 … 1,440; 10 by default. More minutes tell more scores apart: there is a step a minute.</param>
    public GenesysAdapter(int greatestExtraWaitMinutes = DefaultExtraWaitMinutes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(greatestExtraWaitMinutes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(greatestExtraWaitMinutes, 1440);
        GreatestExtraWaitMinutes = greatestExtraWaitMinutes;
    }

    /// <summary>Who has the lowest score is served no later than in a plain queue joined this much later.</summary>
    public int GreatestExtraWaitMinutes { get; }

    /// <summary>0 for a score of 0, <see cref="GreatestExtraWaitMinutes"/> for 1000.</summary>
    public int Points(double score) => RoutingScore.Spread(score, GreatestExtraWaitMinutes);

    /// <summary>
    /// The same with what was waited in a queue before this one: a transfer starts the time in queue anew, so whole minutes of it are given back as points.
    /// </summary>
    public int Points(double score, double waitedElsewhereSeconds)
    {
        double minutes = waitedElsewhereSeconds > 0 ? Math.Floor(waitedElsewhereSeconds / 60) : 0;
        return (int)Math.Min(MaxPoints, Points(score) + minutes);
    }
}
