namespace StreamInsight.CustomerValue;

/// <summary>
/// What customers spend on a purchase day: gamma distributed around a mean of their own, which is inverse gamma over customers. All parameters are above 0, in the
/// currency of the values; the mean over all customers exists where <paramref name="Q"/> is above 1.
/// Source: Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
/// </summary>
public sealed record GammaGamma(double P, double Q, double Gamma)
{
    /// <summary>The logarithm of how likely a mean of <paramref name="meanSpend"/> over <paramref name="days"/> days is; both above 0.</summary>
    public double LogLikelihood(double days, double meanSpend)
    {
        double shape = P * days;
        return SpecialFunctions.LogGamma(shape + Q) - SpecialFunctions.LogGamma(shape) - SpecialFunctions.LogGamma(Q)
            + (Q * PortableMath.Log(Gamma)) + ((shape - 1) * PortableMath.Log(meanSpend)) + (shape * PortableMath.Log(days))
            - ((shape + Q) * PortableMath.Log(Gamma + (days * meanSpend)));
    }

    /// <summary>
    /// Expected spend on a day with a purchase, given the mean over <paramref name="days"/> of them: between that mean and everybody's, nearer to the customer's own the
    /// more days it rests on. NaN where it does not exist.
    /// </summary>
    public double Expected(double days, double meanSpend)
    {
        double divisor = (P * days) + Q - 1;
        return divisor > 0 ? P * (Gamma + (days * meanSpend)) / divisor : double.NaN;
    }
}
