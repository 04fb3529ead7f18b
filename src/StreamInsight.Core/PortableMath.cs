namespace StreamInsight;

/// <summary>
/// Exponential and logarithm from additions, multiplications and divisions alone. The runtime's own call the machine's C library, whose last bit differs
/// between processors; what the engine computes must not. Relative error below 1e-15. Formulas: fdlibm (Sun Microsystems, 1993).
/// </summary>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e to the x; 0 below −745, infinite above 709.78.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.78)
            return double.PositiveInfinity;
        if (x < -745.1)
            return 0;

        int k = (int)((x * 1.44269504088896338700) + (x < 0 ? -0.5 : 0.5));
        double high = x - (k * Ln2High);
        double low = k * Ln2Low;
        double r = high - low;
        double t = r * r;
        double c = r - (t * (1.66666666666666019037e-01 + (t * (-2.77777777770155933842e-03 + (t * (6.61375632143793436117e-05
            + (t * (-1.65339022054652515390e-06 + (t * 4.13813679705723846039e-08)))))))));
        double y = 1 - ((low - ((r * c) / (2 - c))) - high);
        return k < -1000 ? Scale(y, k + 200) * Scale(1, -200) : k > 1000 ? Scale(y, k - 100) * Scale(1, 100) : Scale(y, k);
    }

    /// <summary>The natural logarithm; −∞ of 0, NaN below.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (double.IsInfinity(x))
            return x;

        int k = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18_014_398_509_481_984.0;   // 2^54
            k = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        k += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }

        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double w = z * z;
        double odd = w * (3.999999999940941908e-01 + (w * (2.222219843214978396e-01 + (w * 1.531383769920937332e-01))));
        double even = z * (6.666666666666735130e-01 + (w * (2.857142874366239149e-01 + (w * (1.818357216161805012e-01 + (w * 1.479819860511658591e-01))))));
        double half = 0.5 * f * f;
        return (k * Ln2High) - ((half - ((s * (half + odd + even)) + (k * Ln2Low))) - f);
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static double Logistic(double x)
    {
        if (x >= 0)
            return 1 / (1 + Exp(-x));
        double e = Exp(x);
        return e / (1 + e);
    }

    /// <summary>sign(x) · ln(1 + |x|).</summary>
    public static double SignedLog(double x) => x < 0 ? -Log(1 - x) : Log(1 + x);

    private static double Scale(double y, int k) => y * BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);
}
