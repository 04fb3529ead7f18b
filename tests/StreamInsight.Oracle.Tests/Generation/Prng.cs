namespace StreamInsight.Oracle.Generation;

/// <summary>SplitMix64: small, seeded, the same everywhere.</summary>
public sealed class Prng(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to, not including, <paramref name="n"/>.</summary>
    public int Below(int n) => (int)(Next() % (ulong)n);

    public long Between(long low, long high) => low + (long)(Next() % (ulong)(high - low + 1));

    /// <summary>True <paramref name="percent"/> times in a hundred.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> of) => of[Below(of.Count)];

    public T Pick<T>(params (int Weight, Func<T> Make)[] choices)
    {
        var at = Below(choices.Sum(c => c.Weight));
        foreach (var (weight, make) in choices)
            if ((at -= weight) < 0) return make();
        throw new InvalidOperationException();
    }
}
