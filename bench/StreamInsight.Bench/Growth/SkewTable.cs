using System.Globalization;
using System.Text;

namespace StreamInsight.Bench.Growth;

/// <summary>How uneven partitions are, by the law of customers and the number of partitions.</summary>
internal static class SkewTable
{
    private const long Customers = 10_000_000;

    private static readonly int[] Partitions = [12, 48, 256, 1024, 4096];

    private static readonly (string Name, double Zipf, double Bot)[] Laws = [("Zipf 0.8", 0.8, 0), ("Zipf 1.0", 1, 0), ("Zipf 1.2", 1.2, 0), ("Zipf 1.0 and a bot of 5 %", 1, 0.05)];

    public static void Append(StringBuilder text, Costs costs)
    {
        text.Append("| partitions | even |");
        foreach (var (name, _, _) in Laws)
            text.Append(CultureInfo.InvariantCulture, $" {name} |");
        text.AppendLine().AppendLine("|---:|---:|---:|---:|---:|---:|");
        CustomerLaw[] laws = [.. Laws.AsParallel().AsOrdered().Select(law => new CustomerLaw(Customers, law.Zipf, law.Bot))];
        double[][] rows = [.. Partitions.AsParallel().AsOrdered().Select(count => laws.Select(law => Hottest(law, count)).ToArray())];
        for (int i = 0; i < Partitions.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Partitions[i]:N0} | {Share(1.0 / Partitions[i])} |");
            foreach (double share in rows[i])
                text.Append(CultureInfo.InvariantCulture, $" {Share(share)} ({GrowthReport.Rounded(1e6 / costs.EventUs / share)}) |");
            text.AppendLine();
        }
        text.Append("| hottest customer | |");
        foreach (CustomerLaw law in laws)
            text.Append(CultureInfo.InvariantCulture, $" {Share(law.Hottest)} |");
        text.AppendLine();
    }

    private static double Hottest(CustomerLaw law, int count)
    {
        var shares = new PartitionShares(law, count);
        return shares[shares.Hottest];
    }

    private static string Share(double share) => share.ToString("0.00 %", CultureInfo.InvariantCulture);
}
