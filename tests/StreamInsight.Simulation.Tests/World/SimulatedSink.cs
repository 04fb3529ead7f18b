using StreamInsight.Pipeline;
using StreamInsight.Simulation.Twins;

namespace StreamInsight.Simulation.World;

/// <summary>Delivers to a receiver that is away, refuses, takes a part, or takes all and does not say so.</summary>
public sealed class SimulatedSink(SimulatedWorld world, Receiver receiver, TimeProvider time) : IFactSink
{
    private int _triedBefore;

    public string Name => receiver.Name;

    public async Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        try
        {
            if (world.Flaw == Flaw.RetriesFromTheLast && _triedBefore > 0 && facts.Count > 1)
                facts = [.. facts.Skip(1)];
            await TryAsync(facts, cancel);
            _triedBefore = 0;
        }
        catch (IOException) when (world.Flaw == Flaw.SwallowsRefusals)
        {
        }
        catch (IOException)
        {
            _triedBefore++;
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task TryAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        if (world.Random.Chance(30))
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Between(0, 10)), time, cancel);
        if (world.Clock.NowMs < receiver.AwayUntilMs)
            throw new IOException("away");
        if (!world.IsCalm && world.Random.Chance(world.Habits.SinkTroublePercent))
        {
            if (world.Random.Chance(20))
                receiver.AwayUntilMs = world.Clock.NowMs + world.Random.Between(0, world.Habits.LongestAwayMs);
            receiver.Take(facts.Take(world.Random.Below(facts.Count + 1)));
            if (world.Random.Chance(30))
                world.Kill($"while {Name} was taking facts");
            throw new IOException("refused, or taken in part, or taken and not said");
        }
        receiver.Take(facts);
    }
}
