using StreamInsight.Oracle.Generation;
using StreamInsight.Pipeline;

namespace StreamInsight.Simulation.World;

/// <summary>What goes wrong in this run, and how often; and the limits the process works with. Drawn from the seed.</summary>
public sealed record Habits
{
    /// <summary>One in so many steps the process is killed; the same for all others.</summary>
    public required int KillOneIn { get; init; }

    public required int StopOneIn { get; init; }

    public required int RebalanceOneIn { get; init; }

    public required int ClockBackOneIn { get; init; }

    /// <summary>One in so many commits the process is killed, before it or after it.</summary>
    public required int KillInCommitOneIn { get; init; }

    /// <summary>One in so many commits the disk is full.</summary>
    public required int DiskFullOneIn { get; init; }

    public required int SinkTroublePercent { get; init; }

    /// <summary>The longest a sink is away or the process is down.</summary>
    public required long LongestAwayMs { get; init; }

    public required TimeSpan Heartbeat { get; init; }

    public required int MaxInMemory { get; init; }

    public required int MaxRead { get; init; }

    public required ClockMode Clock { get; init; }

    public static Habits Random(Prng random, Workload work)
    {
        long spanMs = work.LastMs - work.FirstMs + 1000;
        bool isQuiet = random.Chance(10);
        int Rate(params int[] of) => isQuiet ? int.MaxValue : random.Pick(of);
        return new()
        {
            KillOneIn = Rate(100, 400, 2000, int.MaxValue),
            StopOneIn = Rate(500, 2000, int.MaxValue),
            RebalanceOneIn = Rate(200, 1000, int.MaxValue),
            ClockBackOneIn = Rate(1000, int.MaxValue, int.MaxValue),
            KillInCommitOneIn = Rate(5, 20, 100, int.MaxValue),
            DiskFullOneIn = Rate(50, 500, int.MaxValue),
            SinkTroublePercent = isQuiet ? 0 : random.Pick([0, 5, 30, 60]),
            LongestAwayMs = Math.Max(10, spanMs / random.Pick([2, 10, 100])),
            Heartbeat = TimeSpan.FromMilliseconds(Math.Max(100, spanMs / 200)),
            MaxInMemory = random.Pick([0, 1, 3, 1000]),
            MaxRead = random.Pick([1, 3, 20, 1000]),
            // The clock of records is for one feed of history.
            Clock = work.Partitions.Count == 1 && random.Chance(15) ? ClockMode.Records : ClockMode.Wall,
        };
    }

    /// <summary>Limits so small that they are reached; drawn anew at each start.</summary>
    public WorkerOptions Options(Prng random) => new()
    {
        Clock = Clock,
        TimerGrace = TimeSpan.FromMilliseconds(random.Pick([0, 1, 250])),
        CheckpointInterval = TimeSpan.FromMilliseconds(random.Pick([0, 5, 250, 10_000])),
        MaxMessagesARound = random.Pick([1, 5, 4096]),
        MaxMessagesUncommitted = random.Pick([1, 10, 32768]),
        MaxTimersARound = random.Pick([1, 3, 256]),
        OutboxCapacity = random.Pick([1, 5, 50, 100_000]),
        FactHistory = random.Pick([0, 3, 20_000]),
    };
}
