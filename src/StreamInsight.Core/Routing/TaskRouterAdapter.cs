namespace StreamInsight.Routing;

/// <summary>
/// A score for Twilio TaskRouter, which assigns the task of the highest priority first "regardless of the age of the lower-priority tasks", and the oldest among equals.
/// Pure; any thread.
/// <para>
/// Priorities alone starve the lower ones, so the Workflow's second target raises every task to <see cref="Escalated"/> after
/// <see cref="GreatestExtraWaitSeconds"/>: above all bands, the oldest is first there. Then nobody who joins more than that later is served first.
/// Or all tasks keep one priority and a high score sets the task's virtual start time back by <see cref="AgeSeconds"/>: the same bound without a second target.
/// Laws: neither falls when the score or the wait rises; both are in range for any input.
/// </para>
/// </summary>
public sealed class TaskRouterAdapter
{
    /// <summary>Bands of 100 points: priorities 0 … 9.</summary>
    public const int Bands = 10;

    /// <summary>The priority of a task that has waited long enough, and of the Workflow's second target.</summary>
    public const int Escalated = Bands;

    private const int DefaultExtraWaitSeconds = 600;

    /// <param name="greatestExtraWaitSeconds">0 … 86,400; 600 by default. The <c>timeout</c> of the Workflow's first target.</param>
    public TaskRouterAdapter(int greatestExtraWaitSeconds = DefaultExtraWaitSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(greatestExtraWaitSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(greatestExtraWaitSeconds, 86_400);
        GreatestExtraWaitSeconds = greatestExtraWaitSeconds;
    }

    /// <summary>Who has the lowest score is served no later than in a plain queue joined this much later.</summary>
    public int GreatestExtraWaitSeconds { get; }

    /// <summary>0 for scores below 100, 9 from 900: what a task is created with. 0 is also TaskRouter's own default.</summary>
    public int Priority(double score) => RoutingScore.Band(score, Bands);

    /// <summary>What a task has after a wait, as the Workflow raises it.</summary>
    public int Priority(double score, double waitedSeconds) => waitedSeconds >= GreatestExtraWaitSeconds ? Escalated : Priority(score);

    /// <summary>How far to set the virtual start time back; 0 for a score of 0, <see cref="GreatestExtraWaitSeconds"/> for 1000.</summary>
    public int AgeSeconds(double score) => RoutingScore.Spread(score, GreatestExtraWaitSeconds);
}
