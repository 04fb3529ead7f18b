using StreamInsight.Bench.Growth;
using Xunit;

namespace StreamInsight.Simulation.Growth;

public sealed class CustomerLawTests
{
    [Theory]
    [InlineData(100, 1.0, 0)]
    [InlineData(100_000, 0.8, 0.05)]
    [InlineData(100_000_000, 1.2, 0)]
    public void Shares_add_up_to_one(long customers, double zipf, double bot)
    {
        var law = new CustomerLaw(customers, zipf, bot);
        Assert.Equal(1, Enumerable.Range(0, law.Exact + 1).Sum(law.Share) + law.ShareBehindExact, 1e-9);
        var shares = new PartitionShares(law, 48);
        Assert.Equal(1, Enumerable.Range(0, 48).Sum(partition => shares[partition]), 1e-9);
        Assert.True(shares[shares.Hottest] >= law.Hottest);
    }

    [Fact]
    public void Where_all_are_alike_distinct_customers_follow_from_the_number_of_events()
    {
        var law = new CustomerLaw(1_000_000, 0);
        foreach (double events in (double[])[0.5, 10, 1_000, 100_000, 1_000_000, 3_000_000])
            Assert.Equal(1, law.Distinct(events) / (1_000_000 * (1 - Math.Exp(-events / 1_000_000))), 0.01);
    }

    [Fact]
    public void Partitions_together_touch_as_many_customers_as_the_cluster()
    {
        var law = new CustomerLaw(200_000, 1, 0.05);
        var shares = new PartitionShares(law, 16);
        Assert.Equal(1, Enumerable.Range(0, 16).Sum(partition => shares.Distinct(partition, 50_000 * shares[partition])) / law.Distinct(50_000), 0.01);
    }
}
