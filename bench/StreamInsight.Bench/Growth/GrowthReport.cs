using System.Globalization;
using System.Text;

namespace StreamInsight.Bench.Growth;

/// <summary>The tables of docs/scaling.md, in Markdown.</summary>
internal static class GrowthReport
{
    public static string Text(int seed)
    {
        GrowthCase[] clusters = [.. GrowthCases.Clusters(seed)], changes = [.. GrowthCases.Changes(seed)], hot = [.. GrowthCases.Hot(seed)];
        var all = clusters.Concat(changes).Concat(hot).ToArray();
        var (laws, shares) = Spread(all);
        GrowthResult[] results = [.. all.AsParallel().AsOrdered().Select(@case => new ClusterRun(@case, shares[SpreadOf(@case)]).Run())];
        var text = new StringBuilder();
        text.AppendLine("**Clusters.** Which part is full at how many events/s (arithmetic), and how full parts are at the rate given (simulated).").AppendLine();
        Fullness(text, results[..clusters.Length]);
        text.AppendLine().AppendLine("**The same, and the node with the hottest partition killed.**").AppendLine();
        Times(text, results[..clusters.Length]);
        text.AppendLine().AppendLine("**Changes**, 10 nodes of 2 cores, 48 partitions, 10 M customers; where nothing else is said 2 Redis and 60,000 events/s.").AppendLine();
        Times(text, results[clusters.Length..(clusters.Length + changes.Length)]);
        text.AppendLine().AppendLine("**A bot**: one customer with 5 % of all events; 20 nodes of 2 cores, 24 Redis, 48 partitions, 10 M other customers.").AppendLine();
        Fullness(text, results[^hot.Length..]);
        text.AppendLine();
        Times(text, results[^hot.Length..]);
        text.AppendLine().AppendLine("**Partitions.** Share of all events of the hottest partition, and in brackets the events/s at which its thread is full (arithmetic); 10 M customers.").AppendLine();
        SkewTable.Append(text, new Costs());
        text.AppendLine().AppendLine("**Sizes** (arithmetic).").AppendLine();
        SizingTable.Append(text);
        return text.ToString();

        void Fullness(StringBuilder text, GrowthResult[] results)
        {
            text.AppendLine("| | nodes full at | hottest partition full at | Redis full at | first | busiest node | busiest partition | busiest Redis |").AppendLine("|---|---:|---:|---:|---|---:|---:|---:|");
            foreach (GrowthResult result in results)
            {
                Ceilings full = Ceilings.Of(result.Case, laws[LawOf(result.Case)], shares[SpreadOf(result.Case)]);
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {result.Case.Name} | {Rounded(full.Nodes)} | {Rounded(full.Partition)} | {Rounded(full.Redis)} | {full.FirstName} | {Percent(result.BusiestNode)} | {Percent(result.BusiestPartition)} | {Percent(result.BusiestRedis)} |");
            }
        }
    }

    private static (Dictionary<(long, double, double), CustomerLaw>, Dictionary<(long, double, double, int), PartitionShares>) Spread(GrowthCase[] cases)
    {
        var laws = cases.Select(LawOf).Distinct().AsParallel().Select(key => (key, Law: new CustomerLaw(key.Customers, key.Zipf, key.Bot))).ToDictionary(pair => pair.key, pair => pair.Law);
        var shares = cases.Select(SpreadOf).Distinct().AsParallel()
            .Select(key => (key, Shares: new PartitionShares(laws[(key.Customers, key.Zipf, key.Bot)], key.Partitions))).ToDictionary(pair => pair.key, pair => pair.Shares);
        return (laws, shares);
    }

    private static (long Customers, double Zipf, double Bot) LawOf(GrowthCase @case) => (@case.Customers, @case.Zipf, @case.Bot);

    private static (long Customers, double Zipf, double Bot, int Partitions) SpreadOf(GrowthCase @case) => (@case.Customers, @case.Zipf, @case.Bot, @case.Partitions);

    private static void Times(StringBuilder text, GrowthResult[] results)
    {
        text.AppendLine("| | before: 50 % / 99 % / 99.9 %, s | after: 50 % / 99 % / 99.9 % / most, s | partitions moved | caught up after, s | most events waiting |").AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (GrowthResult result in results)
        {
            int ms = result.Case.StepMs;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Case.Name} | {Seconds(result.Before, 0.5)} / {Seconds(result.Before, 0.99)} / {Seconds(result.Before, 0.999)} | {Seconds(result.After, 0.5)} / {Seconds(result.After, 0.99)} / {Seconds(result.After, 0.999)} / {Short(result.After.Max * ms / 1000.0)} | {result.Moved} | {(result.CaughtUpAfter is { } s ? Short(s) : $"not in {result.Case.Seconds - (Script.StartMs / 1000)}; {Short(result.LagAtEnd)} behind")} | {Rounded(result.MostQueued)} |");
            string Seconds(Latencies latencies, double share) => Short(latencies.Quantile(share) * ms / 1000.0);
        }
    }

    private static string Short(double seconds) => seconds.ToString(seconds < 0.9995 ? "0.00" : seconds < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    /// <summary>Two digits.</summary>
    internal static string Rounded(double count)
    {
        double unit = count < 1 ? 1 : Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(count)) - 1));
        return (Math.Round(count / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }
}
