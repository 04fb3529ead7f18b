namespace StreamInsight.CustomerValue;

/// <summary>The downhill simplex of Nelder and Mead (1965) with restarts: finds a minimum without derivatives, in few dimensions. Deterministic.</summary>
internal static class Simplex
{
    private const int MostSteps = 2000;
    private const int Restarts = 4;

    /// <summary>The point at which <paramref name="function"/> is least, searched from <paramref name="start"/>. Values that are no number count as infinite.</summary>
    public static double[] Minimise(Func<double[], double> function, double[] start, double size)
    {
        double[] best = start;
        for (int restart = 0; restart <= Restarts; restart++, size *= 0.3)
            best = Descend(function, best, size);
        return best;
    }

    private static double[] Descend(Func<double[], double> function, double[] start, double size)
    {
        int n = start.Length;
        var corners = new (double[] Point, double Value)[n + 1];
        for (int i = 0; i <= n; i++)
        {
            var point = (double[])start.Clone();
            if (i > 0)
                point[i - 1] += size;
            corners[i] = (point, Of(point));
        }

        for (int step = 0; step < MostSteps; step++)
        {
            Array.Sort(corners, (a, b) => a.Value.CompareTo(b.Value));
            if (corners[n].Value - corners[0].Value < 1e-12 * (1 + Math.Abs(corners[0].Value)))
                break;
            double[] centre = new double[n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    centre[j] += corners[i].Point[j] / n;

            var reflected = Along(centre, corners[n].Point, -1);
            if (reflected.Value < corners[0].Value)
            {
                var expanded = Along(centre, corners[n].Point, -2);
                corners[n] = expanded.Value < reflected.Value ? expanded : reflected;
                continue;
            }

            if (reflected.Value < corners[n - 1].Value)
            {
                corners[n] = reflected;
                continue;
            }

            var contracted = Along(centre, corners[n].Point, reflected.Value < corners[n].Value ? -0.5 : 0.5);
            if (contracted.Value < Math.Min(reflected.Value, corners[n].Value))
            {
                corners[n] = contracted;
                continue;
            }

            for (int i = 1; i <= n; i++)
                corners[i] = Along(corners[0].Point, corners[i].Point, 0.5);
        }

        Array.Sort(corners, (a, b) => a.Value.CompareTo(b.Value));
        return corners[0].Point;

        double Of(double[] point) => function(point) is var value && double.IsNaN(value) ? double.PositiveInfinity : value;

        (double[], double Value) Along(double[] from, double[] to, double share)
        {
            var point = new double[n];
            for (int j = 0; j < n; j++)
                point[j] = from[j] + (share * (to[j] - from[j]));
            return (point, Of(point));
        }
    }
}
