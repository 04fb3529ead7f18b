namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>The system's clock, as if it had been started at a given instant.</summary>
public sealed class TimeSince(long startMs) : TimeProvider
{
    private readonly long _started = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(startMs) + System.GetElapsedTime(_started);
}
