using System.Globalization;
using StreamInsight.CustomerValue;

namespace StreamInsight.Server.Fit;

/// <summary>Tells a person what was estimated and how well it foretells the holdout.</summary>
internal static class FitReport
{
    private const int MostRows = 7;

    public static void Print(Estimate estimate, TextWriter text)
    {
        Population population = estimate.Population;
        IReadOnlyList<Buyer> buyers = population.Buyers;
        if (buyers.Count == 0)
        {
            text.WriteLine($"{estimate.Group.Name}: no purchases");
            return;
        }

        int back = buyers.Count(buyer => buyer.History.Frequency > 0);
        text.WriteLine(Invariant($"{estimate.Group.Name}: {buyers.Count:N0} customers from {Day(population.FirstDay)} to {Day(population.LastDay)}, {back:N0} of them came back"));
        if (estimate.Buying is { } buying)
            text.WriteLine(Invariant($"  BG/NBD       r {buying.Model.R:F3}  alpha {buying.Model.Alpha:F3}  a {buying.Model.A:F3}  b {buying.Model.B:F3}   log likelihood {buying.LogLikelihood:F1}"));
        else if (estimate.Group.HasValueModels)
            text.WriteLine($"  BG/NBD       too few customers: it takes {ModelFit.FewestCustomers}, and some that came back");
        if (estimate.Spending is { } spending)
            text.WriteLine(Invariant($"  Gamma-Gamma  p {spending.Model.P:F2}  q {spending.Model.Q:F2}  gamma {spending.Model.Gamma:F2}   log likelihood {spending.LogLikelihood:F2}"));
        else if (estimate.Group is { HasValueModels: true, Value: not null })
            text.WriteLine($"  Gamma-Gamma  too few customers: it takes {ModelFit.FewestCustomers} that came back");
        if (estimate.Spending is not null && Correlation(buyers) is var correlation && Math.Abs(correlation) > 0.3)
            text.WriteLine(Invariant($"  note: how often customers buy and what they spend are correlated ({correlation:F2}); Gamma-Gamma takes them for independent"));
        if (estimate.CutsText() is { } cuts)
            text.WriteLine($"  RFM cuts     {cuts}");
        if (population.EndDay > population.LastDay)
            Holdout(estimate, text);
    }

    private static void Holdout(Estimate estimate, TextWriter text)
    {
        if (estimate.Buying is not { Model: var buying })
            return;
        Population population = estimate.Population;
        double weeks = population.HoldoutWeeks;
        var checks = population.Buyers.Select(buyer => (Buyer: buyer, Expected: buying.Expected(buyer.History, weeks))).ToList();
        double expected = checks.Sum(check => check.Expected), actual = checks.Sum(check => check.Buyer.LaterDays);
        text.WriteLine(Invariant($"  holdout      {Day(population.LastDay + 1)} to {Day(population.EndDay)} ({weeks:F1} weeks): purchase days expected {expected:N0}, actual {actual:N0}{Off(expected, actual)}"));
        if (estimate.Spending is { Model: var spending })
        {
            double value = checks.Sum(check => check.Expected * spending.Expected(check.Buyer.History.Frequency, check.Buyer.MeanSpend));
            double spent = checks.Sum(check => check.Buyer.LaterSpend);
            text.WriteLine(Invariant($"                                                      value expected {value:N0}, actual {spent:N0}{Off(value, spent)}"));
        }

        text.WriteLine("               repeats so far   customers   expected each   actual each");
        foreach (var row in checks.GroupBy(check => Math.Min(MostRows, (int)check.Buyer.History.Frequency)).OrderBy(row => row.Key))
            text.WriteLine(Invariant($"               {(row.Key == MostRows ? $"{MostRows} and more" : row.Key.ToString(CultureInfo.InvariantCulture)),14}{row.Count(),12:N0}{row.Average(check => check.Expected),16:F2}{row.Average(check => check.Buyer.LaterDays),14:F2}"));
    }

    private static string Off(double expected, double actual) => actual == 0 ? "" : Invariant($" ({(expected - actual) / actual * 100:+0.0;-0.0} %)");

    /// <summary>Of repeat days and mean spend, among those that came back.</summary>
    private static double Correlation(IReadOnlyList<Buyer> buyers)
    {
        var back = buyers.Where(buyer => buyer.History.Frequency > 0).ToList();
        double x = back.Average(buyer => buyer.History.Frequency), y = back.Average(buyer => buyer.MeanSpend);
        double xy = back.Sum(buyer => (buyer.History.Frequency - x) * (buyer.MeanSpend - y));
        double xx = back.Sum(buyer => Math.Pow(buyer.History.Frequency - x, 2)), yy = back.Sum(buyer => Math.Pow(buyer.MeanSpend - y, 2));
        return xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }

    private static string Day(long number) => DateOnly.FromDayNumber((int)number + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
