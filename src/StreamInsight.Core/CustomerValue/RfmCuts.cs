namespace StreamInsight.CustomerValue;

/// <summary>
/// Where a population is cut into fifths: by days since the last purchase, by days with a purchase, by spend in all. Each list has four numbers that do not fall.
/// A missing list gives no score.
/// </summary>
public sealed record RfmCuts(IReadOnlyList<double>? Recency, IReadOnlyList<double>? Frequency, IReadOnlyList<double>? Monetary)
{
    /// <summary>The cuts at a fifth, two, three and four fifths (nearest rank): at most that share lies at or below.</summary>
    public static double[] Quantiles(IEnumerable<double> population)
    {
        double[] ordered = [.. population.Order()];
        return [.. Enumerable.Range(1, 4).Select(fifth => ordered[Math.Max(0, (int)Math.Ceiling(fifth * 0.2 * ordered.Length) - 1)])];
    }

    /// <summary>1 to 5, more is better; NaN without cuts.</summary>
    public static double High(double value, IReadOnlyList<double>? cuts) => cuts is null ? double.NaN : 1 + cuts.Count(cut => value > cut);

    /// <summary>1 to 5, less is better; NaN without cuts.</summary>
    public static double Low(double value, IReadOnlyList<double>? cuts) => cuts is null ? double.NaN : 1 + cuts.Count(cut => value <= cut);
}
