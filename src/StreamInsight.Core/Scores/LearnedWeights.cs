using System.Runtime.Intrinsics;

namespace StreamInsight.Scores;

/// <summary>
/// The weights of <see cref="Lanes"/> learners side by side, so that one pass over the inputs predicts with all of them. A lane computes what it would alone, operation by
/// operation: the answer is the same on every machine.
/// </summary>
/// <param name="priors">By weight, the evidence it is worth before any is seen. Shared, not changed.</param>
internal sealed class LearnedWeights(double[] priors)
{
    public const int Lanes = 4;

    /// <summary>By weight, then by lane.</summary>
    public double[] Means { get; } = new double[priors.Length * Lanes];

    /// <summary>By weight, then by lane: what was seen beyond the prior.</summary>
    public double[] Evidence { get; } = new double[priors.Length * Lanes];

    /// <summary>
    /// By lane, the probability at <paramref name="baseMargin"/> plus the weighted inputs, averaged over what is not known of the weights: the margin is divided by √(1 + πv/8)
    /// (MacKay 1992), so few outcomes make no bold predictions. NaN where parameters are not finite.
    /// </summary>
    public void Predict(InputVector x, double baseMargin, Span<double> into)
    {
        Vector256<double> margin = Vector256.Create(baseMargin);
        Vector256<double> variance = Vector256<double>.Zero;
        for (int i = 0; i < x.Count; i++)
        {
            int w = x.Weight(i);
            double v = x.Value(i);
            margin += Vector256.LoadUnsafe(ref Means[w * Lanes]) * Vector256.Create(v);
            variance += Vector256.Create(v * v) / (Vector256.Create(priors[w]) + Vector256.LoadUnsafe(ref Evidence[w * Lanes]));
        }

        margin /= Vector256.Sqrt(Vector256<double>.One + (Vector256.Create(Math.PI / 8) * variance));
        for (int lane = 0; lane < Lanes; lane++)
            into[lane] = PortableMath.Logistic(margin[lane]);
    }

    public void Clear()
    {
        Array.Clear(Means);
        Array.Clear(Evidence);
    }
}
