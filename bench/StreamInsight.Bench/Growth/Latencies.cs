namespace StreamInsight.Bench.Growth;

/// <summary>How long events took, in steps: counted exactly up to 4,096, above to one part in 64.</summary>
internal sealed class Latencies
{
    private const int Fine = 4096;

    private readonly SortedDictionary<int, long> _counts = [];

    public long Count { get; private set; }

    public int Max { get; private set; }

    public void Add(int steps, long count)
    {
        int at = steps <= Fine ? steps : steps - (steps % 64);
        _counts[at] = _counts.GetValueOrDefault(at) + count;
        Count += count;
        Max = Math.Max(Max, steps);
    }

    /// <summary>0 where there were none.</summary>
    public int Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(Count * share), seen = 0;
        foreach ((int steps, long count) in _counts)
        {
            seen += count;
            if (seen >= wanted)
                return steps;
        }
        return 0;
    }
}
