namespace StreamInsight.Webhooks;

/// <summary>Exponential back-off with full jitter: anything up to a limit that doubles, so that many do not come back at once.</summary>
/// <param name="random">From 0 to below 1.</param>
internal sealed class RetryDelay(TimeSpan first, TimeSpan longest, Func<double> random)
{
    /// <param name="failures">Tries that have failed: 1, 2, 3 …</param>
    public long Ms(int failures)
    {
        double limitMs = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 40)));
        return 1 + (long)(limitMs * random());
    }
}
