namespace StreamInsight.Server.Demo;

/// <summary>
/// A small seeded generator (SplitMix64): the same seed gives the same numbers on every machine and runtime, which <see cref="Random"/> does not promise.
/// One owner thread.
/// </summary>
public sealed class Chance
{
    private ulong _state;

    public Chance(ulong seed) => _state = seed;

    /// <summary>A generator of its own for one purpose: drawing from it changes no other.</summary>
    public static Chance For(ulong seed, ulong purpose) => new(Mix(seed + 0x9E3779B97F4A7C15UL * (purpose + 1)));

    /// <summary>0 (inclusive) to 1 (exclusive).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in <paramref name="probability"/> of all draws.</summary>
    public bool Of(double probability) => Unit() < probability;

    /// <summary>0 to <paramref name="count"/> − 1, all alike.</summary>
    public int Below(int count) => (int)(Unit() * count);

    public double Between(double low, double high) => low + Unit() * (high - low);

    public long Between(long low, long high) => low + (long)(Unit() * (high - low));

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>An index, by weight.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (var weight in weights)
            total += weight;
        var left = Unit() * total;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }
        return weights.Length - 1;
    }

    /// <summary>The time to the next of events that come at random, <paramref name="mean"/> apart.</summary>
    public double Gap(double mean) => -mean * Math.Log(1 - Unit());

    /// <summary>Bell-shaped around the mean, never more than three deviations away.</summary>
    public double Bell(double mean, double deviation)
    {
        double sum = 0;
        for (var i = 0; i < 12; i++)
            sum += Unit();
        return mean + Math.Clamp(sum - 6, -3, 3) * deviation;
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
