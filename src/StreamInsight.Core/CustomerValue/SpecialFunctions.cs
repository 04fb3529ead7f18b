namespace StreamInsight.CustomerValue;

/// <summary>Functions of analysis that the value models need, to about 1e-14, the same on every machine.</summary>
internal static class SpecialFunctions
{
    private const int MostTerms = 200_000;

    /// <summary>The logarithm of Γ(x), x above 0: Stirling's series from 10 up (Abramowitz and Stegun 6.1.40), the recurrence below.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0))
            return double.NaN;
        double product = 1;
        while (x < 10)
            product *= x++;
        double z = 1 / (x * x);
        double series = ((1.0 / 12) - (z * ((1.0 / 360) - (z * ((1.0 / 1260) - (z * ((1.0 / 1680) - (z * ((1.0 / 1188) - (z * ((691.0 / 360_360) - (z / 156)))))))))))) / x;
        return ((x - 0.5) * PortableMath.Log(x)) - x + 0.91893853320467274178 + series - PortableMath.Log(product);
    }

    /// <summary>The logarithm of B(a, b).</summary>
    public static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>x to the y, x above 0.</summary>
    public static double Power(double x, double y) => PortableMath.Exp(y * PortableMath.Log(x));

    /// <summary>
    /// <c>(1 − z)^s · ₂F₁(a, b; c; z)</c> for 0 ≤ z &lt; 1 and c above 0. The sum is that of the definition or, where its terms fall faster, of Euler's transformation
    /// ₂F₁(a, b; c; z) = (1 − z)^(c−a−b) ₂F₁(c−a, c−b; c; z) (Abramowitz and Stegun 15.3.3).
    /// </summary>
    public static double ScaledHypergeometric(double a, double b, double c, double z, double s)
    {
        if (c - a - b < 0)
            (a, b, s) = (c - a, c - b, s + c - a - b);
        double term = 1, sum = 1;
        for (int n = 0; n < MostTerms; n++)
        {
            term *= (a + n) / (c + n) * ((b + n) / (n + 1)) * z;
            sum += term;
            if (Math.Abs(term) <= 1e-17 * Math.Abs(sum))
                break;
        }

        return Power(1 - z, s) * sum;
    }
}
