namespace StreamInsight.Bench.Growth;

/// <summary>Random numbers of a seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int Below(int count) => _random.Next(count);

    /// <summary>A count with this mean: Poisson, from 30 on by the normal law.</summary>
    public int Count(double mean)
    {
        if (mean <= 0)
            return 0;
        if (mean >= 30)
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        double limit = Math.Exp(-mean), product = _random.NextDouble();
        int count = 0;
        for (; product > limit; count++)
            product *= _random.NextDouble();
        return count;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
