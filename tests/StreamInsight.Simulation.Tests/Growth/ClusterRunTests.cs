using StreamInsight.Bench.Growth;
using Xunit;

namespace StreamInsight.Simulation.Growth;

public sealed class ClusterRunTests
{
    private static readonly GrowthCase Small = new()
    {
        Name = "small", Nodes = 4, Partitions = 18, Customers = 10_000, EventsPerSecond = 4_000, Elsewhere = 0.1, Merges = 0.02, Seed = 7,
    };

    public static TheoryData<int> Disturbances => [.. Enum.GetValues<Disturbance>().Select(disturbance => (int)disturbance)];

    [Theory, MemberData(nameof(Disturbances))]
    public void Every_event_is_committed_or_waits(int disturbance)
    {
        GrowthResult result = Run(Small with { Disturbance = (Disturbance)disturbance });
        Assert.Equal(result.Arrived, result.Committed + result.Queued);
        Assert.InRange(result.Arrived, 310_000, 330_000);
        Assert.NotNull(result.CaughtUpAfter);
        Assert.InRange(result.Queued, 0, 4_000);
    }

    [Fact]
    public void A_killed_node_moves_exactly_its_partitions()
    {
        var run = Prepare(Small with { Disturbance = Disturbance.Kill });
        IReadOnlyList<int> before = run.Owners;
        GrowthResult result = run.Run();
        IReadOnlyList<int> after = run.Owners;
        int[] moved = [.. Enumerable.Range(0, before.Count).Where(partition => before[partition] != after[partition])];
        int killed = Assert.Single(moved.Select(partition => before[partition]).Distinct());
        Assert.Equal(before.Count(node => node == killed), moved.Length);
        Assert.Equal(moved.Length, result.Moved);
        Assert.DoesNotContain(killed, after);
    }

    [Fact]
    public void A_member_by_name_that_comes_back_in_time_moves_nothing() => Assert.Equal(0, Run(Small with { Disturbance = Disturbance.RestartByName }).Moved);

    [Fact]
    public void Nameless_members_move_partitions_twice() => Assert.True(Run(Small with { Disturbance = Disturbance.RestartNameless }).Moved > 18);

    [Fact]
    public void Without_events_nothing_waits()
    {
        GrowthResult result = Run(Small with { EventsPerSecond = 0, Disturbance = Disturbance.Kill });
        Assert.Equal((0, 0, 0, 0), (result.Arrived, result.MostQueued, result.LagAtEnd, result.CaughtUpAfter));
        Assert.Equal(0, result.BusiestRedis);
    }

    [Fact]
    public void Undisturbed_and_far_from_full_an_event_waits_for_a_checkpoint_and_no_longer()
    {
        GrowthResult result = Run(Small with { Elsewhere = 0, Merges = 0, Facts = 0 });
        Assert.InRange(result.After.Max * Small.StepMs, 250, 300);
        Assert.Equal(0, result.CaughtUpAfter);
    }

    [Fact]
    public void A_primary_that_is_full_falls_behind_and_another_cures_it()
    {
        GrowthCase full = Small with { Costs = new Costs { CustomerUs = 400 } };
        Assert.Null(Run(full).CaughtUpAfter);
        Assert.InRange(Run(full).BusiestRedis, 0.99, 1);
        Assert.Equal(0, Run(full with { Redis = 6 }).CaughtUpAfter);
    }

    [Fact]
    public void A_bot_that_fills_a_thread_falls_behind_whatever_else_there_is()
    {
        GrowthCase bot = Small with { Bot = 0.5, EventsPerSecond = 200_000, Elsewhere = 0, Merges = 0, Redis = 18, Nodes = 18 };
        GrowthResult result = Run(bot);
        Assert.InRange(result.BusiestPartition, 0.99, 1.001);
        Assert.Null(result.CaughtUpAfter);
    }

    [Fact]
    public void A_seed_gives_one_result()
    {
        GrowthCase killed = Small with { Disturbance = Disturbance.Kill };
        Assert.Equal(Figures(killed), Figures(killed));
        Assert.NotEqual(Figures(killed), Figures(killed with { Seed = 8 }));
    }

    private static string Figures(GrowthCase @case)
    {
        GrowthResult result = Run(@case);
        return string.Join(' ', result.Arrived, result.Committed, result.MostQueued, result.BusiestNode, result.BusiestRedis, result.After.Max, result.After.Quantile(0.99));
    }

    private static GrowthResult Run(GrowthCase @case) => Prepare(@case).Run();

    private static ClusterRun Prepare(GrowthCase @case) => new(@case, new PartitionShares(new CustomerLaw(@case.Customers, @case.Zipf, @case.Bot), @case.Partitions));
}
