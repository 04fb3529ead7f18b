using Xunit;

namespace StreamInsight.Scores;

public sealed class LearnedWeightsTests
{
    /// <summary>A reference that computes one learner alone: what is learned must not depend on who computes beside it, to the last bit.</summary>
    [Fact]
    public void Each_lane_predicts_what_it_would_alone()
    {
        var random = new Random(3);
        double[] priors = [.. Enumerable.Range(0, 40).Select(_ => 0.25 + random.NextDouble())];
        var weights = new LearnedWeights(priors);
        var x = new InputVector(12);
        Span<double> together = stackalloc double[LearnedWeights.Lanes];
        for (int round = 0; round < 500; round++)
        {
            for (int i = 0; i < weights.Means.Length; i++)
                (weights.Means[i], weights.Evidence[i]) = ((random.NextDouble() - 0.5) * 8, random.NextDouble() * 100);
            x.Clear();
            for (int i = 0; i < 12; i++)
                x.Add(random.Next(priors.Length), (random.NextDouble() - 0.5) * 4);

            weights.Predict(x, -1.5, together);
            for (int lane = 0; lane < LearnedWeights.Lanes; lane++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(Alone(lane)), BitConverter.DoubleToInt64Bits(together[lane]));
        }

        double Alone(int lane)
        {
            double margin = -1.5, variance = 0;
            for (int i = 0; i < x.Count; i++)
            {
                int w = x.Weight(i);
                double v = x.Value(i);
                margin += weights.Means[(w * LearnedWeights.Lanes) + lane] * v;
                variance += v * v / (priors[w] + weights.Evidence[(w * LearnedWeights.Lanes) + lane]);
            }

            return PortableMath.Logistic(margin / Math.Sqrt(1 + (Math.PI / 8 * variance)));
        }
    }
}
