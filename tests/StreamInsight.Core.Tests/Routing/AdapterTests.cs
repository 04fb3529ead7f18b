using Xunit;

namespace StreamInsight.Routing;

public sealed class AdapterTests
{
    private static readonly double[] Strange = [double.NegativeInfinity, -1e300, -1, -0.0, double.Epsilon, 999.9999, 1000.0001, 1e300, double.PositiveInfinity, double.NaN];

    [Fact]
    public void A_higher_score_never_gets_less()
    {
        foreach ((double low, double high) in Pairs())
        {
            foreach (int bound in (int[])[0, 1, 7, 60, 600, 86_400])
            {
                var connect = new ConnectAdapter(bound);
                Assert.True(connect.Of(low).AgeSeconds <= connect.Of(high).AgeSeconds);
                Assert.True(connect.Of(low).Priority >= connect.Of(high).Priority);
                var router = new TaskRouterAdapter(bound);
                Assert.True(router.Priority(low) <= router.Priority(high));
                Assert.True(router.AgeSeconds(low) <= router.AgeSeconds(high));
                var genesys = new GenesysAdapter(bound / 60);
                Assert.True(genesys.Points(low) <= genesys.Points(high));
            }
        }
    }

    [Fact]
    public void A_longer_wait_never_gets_less()
    {
        var random = new Random(2);
        for (int i = 0; i < 10_000; i++)
        {
            double score = random.NextDouble() * 1000;
            double less = random.NextDouble() * 1500, more = less + (random.NextDouble() * 1500);
            Assert.True(new ConnectAdapter().Priority(score, less) >= new ConnectAdapter().Priority(score, more));
            Assert.True(new TaskRouterAdapter().Priority(score, less) <= new TaskRouterAdapter().Priority(score, more));
            Assert.True(new GenesysAdapter().Points(score, less) <= new GenesysAdapter().Points(score, more));
        }
    }

    [Fact]
    public void Everything_stays_in_the_range_of_its_vendor()
    {
        var random = new Random(3);
        double[] numbers = [.. Strange, .. Enumerable.Range(0, 2000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 12)))];
        foreach (double score in numbers)
        {
            foreach (double waited in Strange)
            {
                Assert.InRange(new ConnectAdapter().Priority(score, waited), 1, 10);
                Assert.InRange(new TaskRouterAdapter().Priority(score, waited), 0, 10);
                Assert.InRange(new GenesysAdapter().Points(score, waited), 0, GenesysAdapter.MaxPoints);
            }

            Assert.InRange(new ConnectAdapter().Of(score).AgeSeconds, 0, 600);
            Assert.InRange(new TaskRouterAdapter().AgeSeconds(score), 0, 600);
            Assert.InRange(new GenesysAdapter().Points(score), 0, 10);
        }
    }

    [Theory]
    [InlineData(0, 10, 0, 0, 0)]
    [InlineData(99.9, 10, 60, 1, 0)]
    [InlineData(100, 9, 60, 1, 1)]
    [InlineData(500, 5, 300, 5, 5)]
    [InlineData(740, 3, 444, 7, 7)]
    [InlineData(900, 1, 540, 9, 9)]
    [InlineData(1000, 1, 600, 10, 9)]
    public void What_a_score_becomes(double score, int priority, int ageSeconds, int points, int taskPriority)
    {
        Assert.Equal(new ConnectRouting(priority, ageSeconds), new ConnectAdapter().Of(score));
        Assert.Equal(points, new GenesysAdapter().Points(score));
        Assert.Equal(taskPriority, new TaskRouterAdapter().Priority(score));
    }

    [Fact]
    public void Minutes_waited_in_another_queue_are_given_back()
    {
        Assert.Equal(5 + 3, new GenesysAdapter().Points(500, 239));
        Assert.Equal(GenesysAdapter.MaxPoints, new GenesysAdapter().Points(500, 1e18));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(86_401)]
    public void A_bound_out_of_range_is_a_mistake(int bound)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectAdapter(bound));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskRouterAdapter(bound));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GenesysAdapter(bound));
    }

    private static IEnumerable<(double Low, double High)> Pairs()
    {
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            double a = random.NextDouble() * 1000, b = random.Next(3) == 0 ? a + (random.NextDouble() / 100) : random.NextDouble() * 1000;
            yield return (Math.Min(a, b), Math.Max(a, b));
        }
    }
}
