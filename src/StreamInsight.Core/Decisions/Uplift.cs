namespace StreamInsight.Decisions;

/// <summary>
/// How much more customers accept who were offered an action than those of the holdout who would have been: the difference of the two rates with its 95 % confidence interval.
/// Interval: Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10), from Wilson's score intervals.
/// </summary>
/// <param name="Difference">Rate of the offered − rate of the holdout.</param>
public readonly record struct Uplift(double Difference, double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>Null while one of the two groups is empty.</summary>
    public static Uplift? Of(in OutcomeTally tally)
    {
        if (tally.Offered == 0 || tally.HeldOut == 0)
            return null;
        (double rate, double low, double high) = Wilson(tally.Converted, tally.Offered);
        (double controlRate, double controlLow, double controlHigh) = Wilson(tally.HeldOutConverted, tally.HeldOut);
        double difference = rate - controlRate;
        return new Uplift(
            difference,
            difference - Math.Sqrt(Square(rate - low) + Square(controlHigh - controlRate)),
            difference + Math.Sqrt(Square(high - rate) + Square(controlRate - controlLow)));
    }

    /// <summary>Rate and Wilson's score interval (1927).</summary>
    private static (double Rate, double Low, double High) Wilson(long successes, long n)
    {
        double p = (double)successes / n, z2 = Z * Z;
        double centre = p + (z2 / (2 * n)), reach = Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4.0 * n * n))), scale = 1 + (z2 / n);
        return (p, (centre - reach) / scale, (centre + reach) / scale);
    }

    private static double Square(double x) => x * x;
}
