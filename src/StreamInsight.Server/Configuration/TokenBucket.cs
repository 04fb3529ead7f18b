namespace StreamInsight.Server.Configuration;

/// <summary>So many a second on average, and <paramref name="burst"/> at once after a quiet while. Any thread.</summary>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>0 = taken; else the seconds until there is one.</summary>
    public double Take()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return 0;
            }
            return (1 - _tokens) / perSecond;
        }
    }
}
