using Xunit;
using static StreamInsight.Routing.QueueSimulation;

namespace StreamInsight.Routing;

/// <summary>Each vendor's own order of service, with what the adapters give it.</summary>
public sealed class FairnessTests
{
    private const int GreatestExtraWait = 600;

    private static readonly ConnectAdapter Connect = new(GreatestExtraWait);
    private static readonly GenesysAdapter Genesys = new(GreatestExtraWait / 60);
    private static readonly TaskRouterAdapter TaskRouter = new(GreatestExtraWait);

    public static TheoryData<string> Vendors => ["connect by age", "connect by priority", "genesys", "taskrouter by priority", "taskrouter by age"];

    [Theory]
    [MemberData(nameof(Vendors))]
    public void Nobody_is_passed_by_who_joins_more_than_the_stated_wait_later(string vendor)
    {
        // More comes in than can be taken, and the lowest score waits among the highest: priority alone would never serve it.
        var simulation = new QueueSimulation(agents: 5, handleSeconds: 120);
        var calls = simulation.Calls(3000, load: 1.3, seed: 11);
        calls[100] = calls[100] with { Score = 0 };
        for (int i = 101; i < calls.Count; i++)
            calls[i] = calls[i] with { Score = i % 50 == 0 ? 0 : 1000 };

        var served = simulation.Run(calls, Rule(vendor));

        int latest = 0;
        for (int i = 0; i < served.Count; i++)
        {
            Assert.True(latest - served[i].Call.JoinedAt <= GreatestExtraWait, $"Call {served[i].Call} was passed by one that joined at {latest}.");
            latest = Math.Max(latest, served[i].Call.JoinedAt);
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public void The_lowest_is_served_no_later_than_in_a_plain_queue_joined_that_much_later(string vendor)
    {
        foreach (double load in (double[])[0.7, 0.97, 1.2])
        {
            var simulation = new QueueSimulation(agents: 4, handleSeconds: 90);
            var calls = simulation.Calls(2000, load, seed: 5);
            var plain = simulation.Run(calls, Plain).OrderBy(s => s.Call.Number).ToList();

            foreach (Served served in simulation.Run(calls, Rule(vendor)))
            {
                Served? later = plain.Find(s => s.Call.JoinedAt > served.Call.JoinedAt + GreatestExtraWait) is { At: > 0 } found ? found : null;
                Assert.True(served.At <= (later?.At ?? int.MaxValue), $"{served} was to be served before {later}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public void A_higher_score_waits_less_on_average(string vendor)
    {
        var simulation = new QueueSimulation(agents: 5, handleSeconds: 120);
        var served = simulation.Run(simulation.Calls(6000, load: 1.0, seed: 3), Rule(vendor));

        double[] waits = [.. served.GroupBy(s => Math.Min(3, (int)(s.Call.Score / 250))).OrderBy(g => g.Key).Select(g => g.Average(s => s.Waited))];

        Assert.Equal(4, waits.Length);
        for (int i = 1; i < waits.Length; i++)
            Assert.True(waits[i] < waits[i - 1], $"{vendor}: {string.Join(" ", waits)}");
        Assert.True(waits[0] - waits[3] > 60, $"{vendor}: {string.Join(" ", waits)}");
    }

    [Fact]
    public void Priority_without_asking_again_would_starve_the_lowest()
    {
        var simulation = new QueueSimulation(agents: 5, handleSeconds: 120);
        var calls = simulation.Calls(3000, load: 1.3, seed: 11);
        calls[100] = calls[100] with { Score = 0 };
        for (int i = 101; i < calls.Count; i++)
            calls[i] = calls[i] with { Score = 1000 };

        Place strict = (call, _) => (Connect.Priority(call.Score, 0), call.JoinedAt);

        Assert.True(simulation.Run(calls, strict).Find(s => s.Call.Number == 100).Waited > 10_000);
    }

    /// <summary>The documented order of each vendor; see docs/routing.md.</summary>
    private static Place Rule(string vendor) => vendor switch
    {
        // The longest time in queue, adjustment included; everyone at the same priority.
        "connect by age" => (call, now) => (-(now - call.JoinedAt + Connect.AgeSeconds(call.Score)), 0),
        // The lowest number first, then the longest in queue.
        "connect by priority" => (call, now) => (Connect.Priority(call.Score, now - call.JoinedAt), call.JoinedAt),
        // Joined, in milliseconds, less 60,000 a point; the smallest first.
        "genesys" => (call, _) => ((call.JoinedAt * 1000L) - (Genesys.Points(call.Score) * 60_000L), 0),
        // The highest first whatever the age, then the oldest. The second target takes over after its timeout.
        "taskrouter by priority" => (call, now) => (-TaskRouter.Priority(call.Score, now - call.JoinedAt), call.JoinedAt),
        "taskrouter by age" => (call, _) => (call.JoinedAt - TaskRouter.AgeSeconds(call.Score), 0),
        _ => throw new ArgumentOutOfRangeException(nameof(vendor)),
    };
}
