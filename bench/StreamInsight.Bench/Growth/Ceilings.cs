namespace StreamInsight.Bench.Growth;

/// <summary>At how many events a second each part of a cluster is full, by arithmetic: nothing waits, every partition commits once a checkpoint interval.</summary>
/// <param name="Nodes">Processors of all nodes together.</param>
/// <param name="Partition">The thread of the hottest partition.</param>
/// <param name="Redis">The thread of the primary that has most events.</param>
internal sealed record Ceilings(double Nodes, double Partition, double Redis)
{
    public double First => Math.Min(Nodes, Math.Min(Partition, Redis));

    public string FirstName => First == Redis ? "Redis" : First == Partition ? "hottest partition" : "nodes";

    public static Ceilings Of(GrowthCase @case, CustomerLaw law, PartitionShares shares)
    {
        Costs costs = @case.Costs;
        double us = costs.EventUs * (1 + @case.Elsewhere + (2 * @case.Merges));
        return new Ceilings(@case.Nodes * @case.CoresPerNode * 1e6 / us, 1e6 / us / shares[shares.Hottest], RedisOf(@case, law, shares.HottestOf(@case.Redis)));
    }

    /// <summary>Time of Redis' thread that a second of so many events takes on the busiest primary.</summary>
    public static double RedisUs(GrowthCase @case, CustomerLaw law, double share, double events)
    {
        Costs costs = @case.Costs;
        double commits = 1000.0 / costs.CheckpointMs;
        return (commits * costs.CommitUs * @case.Partitions / @case.Redis) + (commits * law.Distinct(events / commits) * share * costs.CustomerUs)
            + (events * share * ((@case.Facts * costs.FactUs) + ((@case.Elsewhere + (2 * @case.Merges)) * costs.HandoverUs)));
    }

    private static double RedisOf(GrowthCase @case, CustomerLaw law, double share)
    {
        double low = 0, high = 1e10;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = RedisUs(@case, law, share, middle) < 1e6 ? (middle, high) : (low, middle);
        }
        return low;
    }
}
