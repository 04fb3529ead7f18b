using StreamInsight.Pipeline;

namespace StreamInsight.Simulation.World;

/// <summary>
/// Reads some partitions of the broker. Delivers again after a start and after a rebalance, in runs of any length, from its partitions in any order, and slowly.
/// </summary>
public sealed class SimulatedSource(SimulatedWorld world, string name, IReadOnlyList<SimulatedPartition> partitions, TimeProvider time) : IEventSource
{
    private readonly Dictionary<SimulatedPartition, long> _next = [];

    public string Name => name;

    public long? Lag => partitions.Sum(p => p.LastOffset + 1 - _next.GetValueOrDefault(p));

    public Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        foreach (SimulatedPartition partition in partitions)
        {
            long last = applied.GetValueOrDefault(partition.Name, 0);
            world.Findings.Demand(last >= partition.ForgottenTo, $"{partition.Name} has forgotten up to {partition.ForgottenTo}, the store knows only up to {last}");
            GoBack(partition, last + 1);
        }
        return Task.CompletedTask;
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        if (world.Random.Chance(20))
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Between(0, 20)), time, cancel);
        if (partitions.All(p => VisibleTo(p) < _next[p]))
            await Task.Delay(UntilNext(), time, cancel);
        if (world.Random.Chance(10))
            await Task.Yield();
        if (world.Happens(world.Habits.RebalanceOneIn))
            Rebalance();

        long lookedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int room = 1 + world.Random.Below(world.Habits.MaxRead); room > 0; room--)
        {
            List<SimulatedPartition> waiting = [.. partitions.Where(p => VisibleTo(p) >= _next[p])];
            if (waiting.Count == 0)
                break;
            SimulatedPartition partition = world.Random.Pick(waiting);
            long offset = _next[partition]++;
            SimulatedRecord record = partition.Records[(int)offset - 1];
            batch.Add(record.Bytes, record.RecordTimeMs, partition.Name, offset);
        }
        batch.IsCaughtUp = partitions.All(p => VisibleTo(p) < _next[p]);
        batch.HorizonMs = partitions.Min(p => VisibleTo(p) >= _next[p] ? p.Records[(int)_next[p] - 1].RecordTimeMs : lookedMs - p.DelayMs);
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied)
    {
        foreach (SimulatedPartition partition in partitions)
        {
            if (!applied.TryGetValue(partition.Name, out long offset))
                continue;
            long durable = world.Disk.Positions.GetValueOrDefault(partition.Name, 0);
            world.Findings.Demand(offset <= durable, $"{partition.Name} is told to forget up to {offset}; durable is {durable}");
            partition.ForgottenTo = Math.Max(partition.ForgottenTo, offset);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A partition is taken away and comes back: its reader stands where the group's committed offset is, or before.</summary>
    private void Rebalance()
    {
        SimulatedPartition partition = world.Random.Pick(partitions);
        world.Findings.Note(world.Clock.NowMs, $"rebalance of {partition.Name}");
        GoBack(partition, Math.Min(_next[partition], partition.ForgottenTo + 1));
    }

    private void GoBack(SimulatedPartition partition, long next) =>
        _next[partition] = Math.Max(1, next - (world.Random.Chance(50) ? world.Random.Below(5) : 0));

    private TimeSpan UntilNext()
    {
        long atMs = partitions.Where(p => _next[p] <= p.LastOffset).Select(p => p.Records[(int)_next[p] - 1].RecordTimeMs + p.DelayMs).DefaultIfEmpty(long.MaxValue).Min();
        return atMs == long.MaxValue || atMs - world.Clock.NowMs > world.Habits.Heartbeat.TotalMilliseconds
            ? world.Habits.Heartbeat
            : TimeSpan.FromMilliseconds(Math.Max(1, atMs - world.Clock.NowMs));
    }

    /// <summary>The last offset that can be read now.</summary>
    private long VisibleTo(SimulatedPartition partition)
    {
        long last = _next[partition] - 1;
        while (last < partition.LastOffset && partition.Records[(int)last].RecordTimeMs + partition.DelayMs <= world.Clock.NowMs)
            last++;
        return last;
    }
}
