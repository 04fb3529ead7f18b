using StreamInsight.CustomerValue;

namespace StreamInsight.Server.Fit;

/// <summary>One customer up to the end of the calibration period, and what it bought afterwards.</summary>
/// <param name="MeanSpend">Mean spend of a repeat day; 0 where there is none.</param>
/// <param name="SilentDays">Days since the last purchase.</param>
/// <param name="Spend">In all.</param>
/// <param name="LaterDays">Days with a purchase in the holdout period.</param>
/// <param name="LaterSpend">Spent on them.</param>
internal readonly record struct Buyer(BuyingHistory History, double MeanSpend, double SilentDays, double Spend, int LaterDays, double LaterSpend);

/// <summary>The customers of one group of features, split at the holdout.</summary>
/// <param name="FirstDay">Of the first purchase; days are numbered from 1970-01-01.</param>
/// <param name="LastDay">The day customers are judged on: the last before the holdout, or the last of the log.</param>
/// <param name="EndDay">The last day of the log.</param>
internal sealed record Population(IReadOnlyList<Buyer> Buyers, long FirstDay, long LastDay, long EndDay)
{
    public double HoldoutWeeks => (EndDay - LastDay) / 7.0;

    public static Population Of(IEnumerable<PurchaseHistory> histories, long lastDay, long endDay)
    {
        var buyers = new List<Buyer>();
        long first = long.MaxValue;
        foreach (PurchaseHistory history in histories)
        {
            (long Day, double Spend)[] days = [.. history.Kept()];
            (long Day, double Spend)[] before = [.. days.Where(day => day.Day <= lastDay)];
            if (before.Length == 0)
                continue;
            first = Math.Min(first, before[0].Day);
            var buying = new BuyingHistory(before.Length - 1, (before[^1].Day - before[0].Day) / 7.0, (lastDay - before[0].Day) / 7.0);
            buyers.Add(new Buyer(
                buying,
                before.Length > 1 ? before.Skip(1).Average(day => day.Spend) : 0,
                lastDay - before[^1].Day,
                before.Sum(day => day.Spend),
                days.Length - before.Length,
                days.Skip(before.Length).Sum(day => day.Spend)));
        }

        return new Population(buyers, first, lastDay, endDay);
    }
}
