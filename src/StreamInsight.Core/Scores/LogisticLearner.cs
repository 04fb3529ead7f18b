using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>
/// Logistic regression learned one outcome at a time. Each weight has a mean and the evidence behind it; an outcome moves the weights by the Newton step of its log loss
/// under that evidence (an extended Kalman filter with diagonal covariance, Niranjan 1999; with the prior as L2), so steps shrink as evidence grows, are large for rare
/// inputs, and never overshoot. With a <paramref name="memory"/>, old evidence fades by 1/memory at each outcome that touches the weight, which keeps steps from ever
/// becoming small: the learner follows a stream that drifts.
/// </summary>
/// <param name="priors">By weight, the evidence it is worth before any is seen. Shared, not changed.</param>
/// <param name="memory">In outcomes; infinite = nothing is forgotten.</param>
/// <param name="weights">Where its weights are, beside those of others.</param>
/// <param name="lane">Its place there.</param>
internal sealed class LogisticLearner(double[] priors, double memory, LearnedWeights weights, int lane)
{
    private const double LeastCurvature = 1e-4;
    private const double FadeOnChange = 0.02;

    private readonly double _keep = double.IsPositiveInfinity(memory) ? 1 : 1 - (1 / memory);

    public void Learn(InputVector x, double baseMargin, bool success, double weight)
    {
        if (_keep < 1)
            Forget(x);
        double margin = baseMargin;
        double variance = 0;
        for (int i = 0; i < x.Count; i++)
        {
            int w = x.Weight(i);
            double v = x.Value(i);
            margin += Mean(w) * v;
            variance += v * v / (priors[w] + Evidence(w));
        }

        double p = PortableMath.Logistic(margin);
        double curvature = weight * Math.Max(p * (1 - p), LeastCurvature);
        double step = weight * ((success ? 1 : 0) - p) / (1 + (curvature * variance));
        for (int i = 0; i < x.Count; i++)
        {
            int w = x.Weight(i);
            double v = x.Value(i);
            Mean(w) += v * step / (priors[w] + Evidence(w));
            Evidence(w) += curvature * v * v;
        }
    }

    /// <summary>The stream is not what it was: what was learned stays, but counts for little, so that a few outcomes can overrule it.</summary>
    public void Doubt()
    {
        for (int w = 0; w < priors.Length; w++)
            Evidence(w) *= FadeOnChange;
    }

    /// <summary>Expresses a weight in another unit: <c>mean · z</c> stays the same where <c>z = stretch · z' + shift</c>; what is constant goes to the base rate.</summary>
    public void Rescale(int weight, double stretch, double shift)
    {
        Mean(0) += Mean(weight) * shift;
        Mean(weight) *= stretch;
        Evidence(weight) /= stretch * stretch;
    }

    /// <summary>Takes evidence in that this learner has not seen: evidence adds, means are weighted by it (the product of two normal posteriors over their common prior).</summary>
    public void Absorb(LogisticLearner other)
    {
        for (int w = 0; w < priors.Length; w++)
        {
            double mine = Mean(w) * (Evidence(w) + priors[w]);
            double theirs = other.Mean(w) * (other.Evidence(w) + priors[w]);
            Evidence(w) += other.Evidence(w);
            Mean(w) = (mine + theirs) / (Evidence(w) + priors[w]);
        }
    }

    private void Forget(InputVector x)
    {
        for (int i = 0; i < x.Count; i++)
        {
            int w = x.Weight(i);
            double before = Evidence(w);
            double after = before * _keep;
            Mean(w) *= _keep * (before + priors[w]) / (after + priors[w]);
            Evidence(w) = after;
        }
    }

    /// <summary>Only weights that were ever touched are written.</summary>
    public void Write(StateWriter writer)
    {
        int touched = 0;
        for (int w = 0; w < priors.Length; w++)
            if (IsTouched(w))
                touched++;
        writer.WriteUnsigned((ulong)touched);
        for (int w = 0; w < priors.Length; w++)
        {
            if (!IsTouched(w))
                continue;
            writer.WriteUnsigned((ulong)w);
            writer.WriteBits(BitConverter.DoubleToInt64Bits(Mean(w)));
            writer.WriteBits(BitConverter.DoubleToInt64Bits(Evidence(w)));
        }
    }

    public void Read(ref StateReader reader)
    {
        int touched = reader.ReadCount();
        for (int i = 0; i < touched; i++)
        {
            int w = reader.ReadInt(priors.Length);
            Mean(w) = BitConverter.Int64BitsToDouble(reader.ReadBits());
            Evidence(w) = BitConverter.Int64BitsToDouble(reader.ReadBits());
        }
    }

    private ref double Mean(int w) => ref weights.Means[(w * LearnedWeights.Lanes) + lane];

    private ref double Evidence(int w) => ref weights.Evidence[(w * LearnedWeights.Lanes) + lane];

    private bool IsTouched(int w) => BitConverter.DoubleToInt64Bits(Mean(w)) != 0 || BitConverter.DoubleToInt64Bits(Evidence(w)) != 0;
}
