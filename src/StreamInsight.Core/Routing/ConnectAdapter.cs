namespace StreamInsight.Routing;

/// <summary>
/// A score for Amazon Connect, which serves a queue by priority (1 first, 5 unless set) and, where that is equal, by time in queue plus an adjustment in seconds.
/// Pure; any thread.
/// <para>
/// <b>Age</b> is the way to use: every contact keeps the same priority, and a high score counts as time waited. Nobody who joins more than
/// <see cref="GreatestExtraWaitSeconds"/> later is served first, so nobody starves, whatever comes in.
/// <b>Priority</b> is for those who need strict bands. A band alone can starve the ones below, so the flow asks again for those who wait:
/// after <see cref="GreatestExtraWaitSeconds"/> everyone is at 1, where the oldest is first.
/// </para>
/// Laws: a higher score never gives a worse priority or a lower age; a longer wait never a worse priority; both stay in range for any input.
/// </summary>
public sealed class ConnectAdapter
{
    public const int BestPriority = 1, WorstPriority = 10;

    private const int DefaultExtraWaitSeconds = 600;

    /// <param name="greatestExtraWaitSeconds">0 … 86,400; 600 by default.</param>
    public ConnectAdapter(int greatestExtraWaitSeconds = DefaultExtraWaitSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(greatestExtraWaitSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(greatestExtraWaitSeconds, 86_400);
        GreatestExtraWaitSeconds = greatestExtraWaitSeconds;
    }

    /// <summary>Who has the lowest score is served no later than in a plain queue joined this much later.</summary>
    public int GreatestExtraWaitSeconds { get; }

    public ConnectRouting Of(double score) => new(Priority(score, 0), AgeSeconds(score));

    /// <summary>0 for a score of 0, <see cref="GreatestExtraWaitSeconds"/> for 1000.</summary>
    public int AgeSeconds(double score) => RoutingScore.Spread(score, GreatestExtraWaitSeconds);

    /// <summary>A band of 100 points each, 10 for scores below 100, 1 from 900; 1 for all who have waited long enough.</summary>
    public int Priority(double score, double waitedSeconds) =>
        waitedSeconds >= GreatestExtraWaitSeconds ? BestPriority : WorstPriority - RoutingScore.Band(score, WorstPriority);
}
