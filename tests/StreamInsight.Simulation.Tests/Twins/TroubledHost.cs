using StreamInsight.Decisions;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Simulation.World;

namespace StreamInsight.Simulation.Twins;

/// <summary>The real host, with the flaw of the run if it is one of a host.</summary>
public sealed class TroubledHost(LocalCustomerHost host, SimulatedWorld world) : ICustomerHost
{
    public long NextTimerMs => host.NextTimerMs;

    public DecisionFigures Decisions => host.Decisions;

    public long CustomerCount => host.CustomerCount;

    private ICustomerHost Host => host;

    private long AheadMs => world.Flaw == Flaw.TimersOvertakeRecords ? world.Habits.LongestAwayMs : 0;

    public ValueTask ProcessAsync(MessageRun run, List<Fact> facts) => Host.ProcessAsync(run, facts);

    public ValueTask<int> FireTimersAsync(long untilMs, int max, List<Fact> facts) => Host.FireTimersAsync(untilMs + AheadMs, max, facts);

    public async ValueTask<HostChanges> TakeChangesAsync()
    {
        HostChanges changes = await Host.TakeChangesAsync();
        if (world.Flaw == Flaw.ForgetsAChange && changes.Customers.Count > 1)
            changes.Customers.RemoveAt(0);
        return changes;
    }

    public ValueTask<CustomerView?[]> ViewAsync(IReadOnlyList<string> customers) => Host.ViewAsync(customers);

    public ValueTask<byte[]?> ProfileAsync(string id) => Host.ProfileAsync(id);

    public ValueTask<byte[]?> ExplainAsync(string id, long nowMs) => Host.ExplainAsync(id, nowMs);

    public ValueTask<byte[]> ReportAsync() => Host.ReportAsync();

    public ValueTask<QueueState?> QueueAsync(string name, long nowMs) => Host.QueueAsync(name, nowMs);

    public ValueTask<Erasure?> EraseAsync(string id, long nowMs, long forgetAfterMs, List<Fact> facts) => Host.EraseAsync(id, nowMs, forgetAfterMs, facts);

    public void Trim() => host.Trim();
}
