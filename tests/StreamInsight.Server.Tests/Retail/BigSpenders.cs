namespace StreamInsight.Server.Retail;

/// <summary>Who spent over 1,000 in the last 90 days, and when that changed: from nothing but the definition, the sum taken anew at every instant at which it can differ.</summary>
internal static class BigSpenders
{
    private const long WindowMs = 90L * 24 * 3600 * 1000;

    public sealed record Turn(string Customer, long AtMs, bool HasEntered, double Spend);

    /// <param name="orders">In order of time.</param>
    /// <param name="endMs">As far as time is known to have come.</param>
    public static List<Turn> Of(IEnumerable<Invoice> orders, long endMs) =>
        [.. orders.GroupBy(order => order.Customer).SelectMany(own => Of(own.Key, [.. own], endMs))];

    private static IEnumerable<Turn> Of(string customer, List<Invoice> orders, long endMs)
    {
        // An order that leaves the window comes before one that arrives at the same millisecond.
        var instants = orders.Select((order, i) => (AtMs: order.TimeMs, Known: i + 1))
            .Concat(orders.Select(order => (AtMs: order.TimeMs + WindowMs, Known: orders.Count(o => o.TimeMs < order.TimeMs + WindowMs))))
            .Where(instant => instant.AtMs <= endMs)
            .Order();
        bool isIn = false;
        foreach (var (atMs, known) in instants)
        {
            double spend = 0;
            foreach (var order in orders.Take(known))
            {
                if (order.TimeMs > atMs - WindowMs)
                    spend += order.Total;
            }
            if (spend > 1000 == isIn)
                continue;
            isIn = !isIn;
            yield return new Turn(customer, atMs, isIn, spend);
        }
    }
}
