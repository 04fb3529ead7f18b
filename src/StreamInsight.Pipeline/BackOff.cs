namespace StreamInsight.Pipeline;

/// <summary>How long to wait before the next try: doubles from 50 ms to 5 s, with up to half of it taken off at random so that many do not come back at once.</summary>
/// <param name="random">Null = <see cref="Random.Shared"/>.</param>
public sealed class BackOff(Random? random = null)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly Random _random = random ?? Random.Shared;

    /// <summary>Tries that failed since the last success.</summary>
    public int Failures { get; private set; }

    public TimeSpan Next()
    {
        TimeSpan full = First * Math.Pow(2, Math.Min(Failures, 10));
        Failures++;
        return (full < Longest ? full : Longest) * (1 - _random.NextDouble() / 2);
    }

    public void Reset() => Failures = 0;
}
