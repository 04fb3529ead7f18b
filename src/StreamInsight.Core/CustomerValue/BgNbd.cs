namespace StreamInsight.CustomerValue;

/// <summary>
/// How often customers buy and when they stop, without a contract: purchases at a rate that is gamma distributed over customers (<paramref name="R"/>, <paramref name="Alpha"/>),
/// after each one a chance to leave for good that is beta distributed (<paramref name="A"/>, <paramref name="B"/>). All are above 0; the unit of time is a week.
/// Source: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing Science 24 (2005).
/// </summary>
public sealed record BgNbd(double R, double Alpha, double A, double B)
{
    /// <summary>The logarithm of how likely a customer's history is (equation 6).</summary>
    public double LogLikelihood(in BuyingHistory history)
    {
        double x = history.Frequency;
        double common = SpecialFunctions.LogGamma(R + x) - SpecialFunctions.LogGamma(R) + (R * PortableMath.Log(Alpha));
        double stays = SpecialFunctions.LogBeta(A, B + x) - SpecialFunctions.LogBeta(A, B) - ((R + x) * PortableMath.Log(Alpha + history.Age));
        if (x == 0)
            return common + stays;
        double left = SpecialFunctions.LogBeta(A + 1, B + x - 1) - SpecialFunctions.LogBeta(A, B) - ((R + x) * PortableMath.Log(Alpha + history.Recency));
        double greater = Math.Max(stays, left);
        return common + greater + PortableMath.Log(1 + PortableMath.Exp(Math.Min(stays, left) - greater));
    }

    /// <summary>The chance that the customer has not left (Fader, Hardie and Lee, "Computing P(alive) Using the BG/NBD Model", 2008); 1 before the first repeat.</summary>
    public double Alive(in BuyingHistory history) => 1 / (1 + LeftToStayed(history));

    /// <summary>Expected purchase days in the next <paramref name="weeks"/> (equation 10).</summary>
    public double Expected(in BuyingHistory history, double weeks)
    {
        if (!(weeks > 0))
            return 0;
        double x = history.Frequency;
        double a = Math.Abs(A - 1) < 1e-6 ? 1 + 1e-6 : A;   // the formula has a removable 0/0 at 1
        double z = weeks / (Alpha + history.Age + weeks);
        double rest = SpecialFunctions.ScaledHypergeometric(R + x, B + x, a + B + x - 1, z, R + x);
        double ever = (a + B + x - 1) / (a - 1) * (1 - rest);
        return Math.Max(0, ever / (1 + LeftToStayed(history)));
    }

    private double LeftToStayed(in BuyingHistory history)
    {
        double x = history.Frequency;
        return x == 0 ? 0 : A / (B + x - 1) * SpecialFunctions.Power((Alpha + history.Age) / (Alpha + history.Recency), R + x);
    }
}
