namespace StreamInsight.Scores;

/// <summary>Logistic regression over all outcomes at once, by Newton's method with a little ridge: the best any linear model could have known afterwards.</summary>
internal static class BatchLogistic
{
    public static double MeanLoss(IReadOnlyList<(double[] X, bool Success)> outcomes)
    {
        int d = outcomes[0].X.Length;
        var w = new double[d];
        for (int round = 0; round < 15; round++)
        {
            var gradient = w.Select(x => -x).ToArray();
            var hessian = new double[d, d];
            for (int j = 0; j < d; j++)
                hessian[j, j] = 1;
            foreach ((double[] x, bool success) in outcomes)
            {
                double p = P(w, x);
                for (int j = 0; j < d; j++)
                {
                    gradient[j] += ((success ? 1 : 0) - p) * x[j];
                    for (int k = 0; k < d; k++)
                        hessian[j, k] += p * (1 - p) * x[j] * x[k];
                }
            }

            double[] step = Solve(hessian, gradient);
            for (int j = 0; j < d; j++)
                w[j] += step[j];
        }

        return outcomes.Average(o => GeneratedOutcomes.Loss(P(w, o.X), o.Success));
    }

    private static double P(double[] w, double[] x) => 1 / (1 + Math.Exp(-w.Zip(x, (a, b) => a * b).Sum()));

    private static double[] Solve(double[,] a, double[] b)
    {
        int d = b.Length;
        for (int j = 0; j < d; j++)
        {
            for (int k = j + 1; k < d; k++)
            {
                double factor = a[k, j] / a[j, j];
                for (int l = j; l < d; l++)
                    a[k, l] -= factor * a[j, l];
                b[k] -= factor * b[j];
            }
        }

        for (int j = d - 1; j >= 0; j--)
        {
            for (int l = j + 1; l < d; l++)
                b[j] -= a[j, l] * b[l];
            b[j] /= a[j, j];
        }

        return b;
    }
}
