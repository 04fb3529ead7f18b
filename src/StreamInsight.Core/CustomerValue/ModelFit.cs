namespace StreamInsight.CustomerValue;

/// <summary>Estimates the value models by maximum likelihood.</summary>
public static class ModelFit
{
    /// <summary>Fewer customers say nothing about a distribution over customers.</summary>
    public const int FewestCustomers = 10;

    /// <summary>The parameters under which these histories are likeliest, and the logarithm of how likely; null for too few customers or none that came back.</summary>
    public static (BgNbd Model, double LogLikelihood)? BgNbd(IReadOnlyList<BuyingHistory> histories)
    {
        if (histories.Count < FewestCustomers || !histories.Any(history => history.Frequency > 0))
            return null;

        // Customers with the same history count together: many bought once in the same week.
        var groups = histories.GroupBy(history => history).Select(group => (History: group.Key, Count: group.Count())).ToArray();
        double age = Math.Max(1, histories.Average(history => history.Age));
        double[] best = Minimise(
            parameters => -Sum(new BgNbd(parameters[0], parameters[1], parameters[2], parameters[3])),
            [0.5, age / 5, 1, 2.5], [1, age, 0.5, 1]);
        var model = new BgNbd(best[0], best[1], best[2], best[3]);
        return (model, Sum(model));

        double Sum(BgNbd candidate)
        {
            double sum = 0;
            foreach ((BuyingHistory history, int count) in groups)
                sum += count * candidate.LogLikelihood(history);
            return sum;
        }
    }

    /// <summary>The same for spending; customers with days or a mean that are not above 0 are left out.</summary>
    public static (GammaGamma Model, double LogLikelihood)? GammaGamma(IReadOnlyList<(double Days, double MeanSpend)> spending)
    {
        (double Days, double MeanSpend)[] usable = [.. spending.Where(one => one.Days > 0 && one.MeanSpend > 0)];
        if (usable.Length < FewestCustomers)
            return null;
        double mean = usable.Average(one => one.MeanSpend);
        double[] best = Minimise(
            parameters => -Sum(new GammaGamma(parameters[0], parameters[1], parameters[2])), [5, 4, mean], [1, 2, mean / 5]);
        var model = new GammaGamma(best[0], best[1], best[2]);
        return (model, Sum(model));

        double Sum(GammaGamma candidate)
        {
            double sum = 0;
            foreach ((double days, double meanSpend) in usable)
                sum += candidate.LogLikelihood(days, meanSpend);
            return sum;
        }
    }

    /// <summary>Searches over logarithms, so that all parameters stay above 0, from each of the starts.</summary>
    private static double[] Minimise(Func<double[], double> function, params double[][] starts)
    {
        double[]? best = null;
        double least = double.PositiveInfinity;
        foreach (double[] start in starts)
        {
            double[] found = Simplex.Minimise(logs => function(Exponentials(logs)), [.. start.Select(PortableMath.Log)], 0.5);
            double value = function(Exponentials(found));
            if (best is null || value < least)
                (best, least) = (found, value);
        }

        return Exponentials(best!);
    }

    private static double[] Exponentials(double[] logs) => [.. logs.Select(x => PortableMath.Exp(Math.Min(Math.Max(x, -30), 30)))];
}
