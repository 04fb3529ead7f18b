using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using StreamInsight.Simulation.Twins;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Simulation;

/// <summary>
/// The production pipeline in a simulated world. STREAMINSIGHT_SEEDS = how many (default 500), STREAMINSIGHT_FIRST_SEED = from which on (default 1),
/// STREAMINSIGHT_SEED = only this one; <c>./insight simulate</c> sets them.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Facts_profiles_and_dead_letters_are_those_of_a_replay_whatever_goes_wrong()
    {
        ulong? only = Setting("STREAMINSIGHT_SEED");
        ulong first = only ?? Setting("STREAMINSIGHT_FIRST_SEED") ?? 1;
        ulong count = only is null ? Setting("STREAMINSIGHT_SEEDS") ?? 500 : 1;
        var failed = new ConcurrentQueue<SimulatedRun>();
        long lives = 0, facts = 0, repeated = 0, done = 0;
        var clock = Stopwatch.StartNew();
        // A seed is one thread; the machine has more.
        Parallel.For((long)first, (long)(first + count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
        {
            SimulatedRun run = SimulatedRun.Of((ulong)seed);
            Interlocked.Add(ref lives, run.World.Lives);
            Interlocked.Add(ref facts, run.World.Disk.AllFacts.Count);
            Interlocked.Add(ref repeated, run.World.Receivers.Sum(r => r.Repeated));
            Interlocked.Increment(ref done);
            if (run.Wrong.Count == 0)
                return;
            failed.Enqueue(run);
            state.Break();
        });
        output.WriteLine($"{done} seeds from {first}: {lives} lives, {facts} facts, {repeated} told again, {clock.Elapsed.TotalSeconds:0.0} s");
        if (failed.MinBy(run => run.Seed) is { } worst)
            Assert.Fail(worst.Report());
    }

    [Fact]
    public void A_seed_is_the_same_run_every_time()
    {
        for (ulong seed = 1; seed <= 10; seed++)
            Assert.Equal(SimulatedRun.Of(seed).World.Findings.Hash, SimulatedRun.Of(seed).World.Findings.Hash);
    }

    /// <summary>The checks can fail: each of these is what one forgotten line in the pipeline or the store would be.</summary>
    [Theory]
    [MemberData(nameof(Flaws))]
    public void A_broken_twin_is_caught(Flaw flaw)
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            SimulatedRun run = SimulatedRun.Of(seed, flaw);
            if (run.Wrong.Count == 0)
                continue;
            output.WriteLine($"{flaw}: seed {seed} finds {run.Wrong[0]}");
            return;
        }
        Assert.Fail($"{flaw} is not found by 300 seeds");
    }

    public static TheoryData<Flaw> Flaws => [.. Enum.GetValues<Flaw>().Where(flaw => flaw != Flaw.None)];

    private static ulong? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
