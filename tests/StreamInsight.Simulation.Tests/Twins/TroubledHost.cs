using System.Buffers;
using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Simulation.World;

namespace StreamInsight.Simulation.Twins;

/// <summary>The real host, with the flaw of the run if it is one of a host.</summary>
public sealed class TroubledHost(LocalCustomerHost host, SimulatedWorld world) : ICustomerHost
{
    public long NextTimerMs => host.NextTimerMs;

    public DecisionFigures Decisions => host.Decisions;

    public long CustomerCount => host.CustomerCount;

    private long AheadMs => world.Flaw == Flaw.TimersOvertakeRecords ? world.Habits.LongestAwayMs : 0;

    public Refusal Process(CustomerEvent message, SourcePosition position, List<Fact> facts) => host.Process(message, position, facts);

    public int FireTimers(long untilMs, int max, List<Fact> facts) => host.FireTimers(untilMs + AheadMs, max, facts);

    public HostChanges TakeChanges()
    {
        HostChanges changes = host.TakeChanges();
        if (world.Flaw == Flaw.ForgetsAChange && changes.Customers.Count > 1)
            changes.Customers.RemoveAt(0);
        return changes;
    }

    public CustomerView? View(string customer) => host.View(customer);

    public bool WriteProfile(string id, IBufferWriter<byte> line) => host.WriteProfile(id, line);

    public void Trim() => host.Trim();
}
