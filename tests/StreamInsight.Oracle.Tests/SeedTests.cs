using System.Globalization;
using StreamInsight.Oracle.Comparison;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Oracle;

/// <summary>
/// Random models over random logs: the engine writes what the oracle writes. STREAMINSIGHT_SEEDS = how many (default 300),
/// STREAMINSIGHT_FIRST_SEED = from which on (default 1), STREAMINSIGHT_SEED = only this one.
/// </summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Engine_writes_what_the_oracle_writes_on_random_models_and_logs() => Compare(Seed.Of, Setting("STREAMINSIGHT_SEEDS") ?? 300);

    [Fact]
    public void Engine_reads_tampered_records_as_the_oracle_does() => Compare(Seed.Strange, Setting("STREAMINSIGHT_SEEDS") ?? 150);

    [Fact]
    public void Engine_decides_as_the_oracle_does() => Compare(number => Seed.Deciding(number), Setting("STREAMINSIGHT_SEEDS") ?? 150);

    private void Compare(Func<ulong, Seed> make, ulong count)
    {
        var only = Setting("STREAMINSIGHT_SEED");
        var first = only ?? Setting("STREAMINSIGHT_FIRST_SEED") ?? 1;
        var last = only ?? first + count - 1;
        var facts = 0L;
        for (var number = first; number <= last; number++)
        {
            var seed = make(number);
            try
            {
                var expected = seed.Oracle(seed.Log);
                facts += expected.Facts.Count;
                if (Difference.First(expected, seed.Engine(seed.Log), seed.HasRoundings) is null) continue;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                output.WriteLine($"seed {number}: {e}");
            }
            throw Mismatch.Of(seed, Path.Combine(Path.GetTempPath(), $"seed-{number}"));
        }
        output.WriteLine($"{last - first + 1} seeds, {facts} facts");
    }

    [Fact]
    public void Live_host_that_stores_forgets_and_restarts_gives_what_replay_gives() => CompareLive(Seed.Of);

    [Fact]
    public void Live_host_that_stores_forgets_and_restarts_decides_as_replay_does() => CompareLive(number => Seed.Deciding(number));

    private static void CompareLive(Func<ulong, Seed> make)
    {
        var first = Setting("STREAMINSIGHT_FIRST_SEED") ?? 1;
        for (var number = first; number < first + (Setting("STREAMINSIGHT_SEEDS") ?? 100); number++)
        {
            var seed = make(number);
            var replayed = EngineUnderTest.Run(seed.Model, seed.Log);
            var live = HostUnderTest.Run(seed.Model, seed.Log, number);
            Assert.Null(Difference.First(replayed with { Dead = [] }, live with { Dead = [] }, roundings: false)?.ToString());
            Assert.Equal(replayed.Dead.Count, live.Dead.Count);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Result_does_not_depend_on_the_number_of_threads_or_the_size_of_blocks(bool decides, bool learns)
    {
        for (ulong number = 1; number <= 20; number++)
        {
            var seed = decides ? Seed.Deciding(number, learns) : Seed.Of(number);
            var alone = seed.Engine(seed.Log).Text;
            foreach (var (parallel, blockBytes) in new[] { (1, 700), (2, 256 * 1024), (5, 2_000) }) Assert.Equal(alone, seed.Engine(seed.Log, parallel, blockBytes).Text);
        }
    }

    private static ulong? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
