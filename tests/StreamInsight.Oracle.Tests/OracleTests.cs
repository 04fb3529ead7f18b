using System.Text;
using StreamInsight.Oracle.Comparison;
using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Generation;
using Xunit;

namespace StreamInsight.Oracle;

/// <summary>The oracle's own doubtful part is which instants it tries.</summary>
public sealed class OracleTests
{
    [Fact]
    public void Candidate_instants_miss_nothing_that_every_millisecond_finds()
    {
        var tried = 0;
        for (ulong number = 1; tried < 12; number++)
        {
            var seed = Seed.Of(number);
            if (!seed.IsShort || !seed.HasCandidates) continue;
            Assert.Equal(ReferenceReplay.Run(seed.Model, seed.Log, everyMillisecond: true).Text, ReferenceReplay.Run(seed.Model, seed.Log, everyMillisecond: false).Text);
            tried++;
        }
    }

    [Fact]
    public void Seed_gives_the_same_model_and_log_every_time()
    {
        Assert.Equal(Seed.Of(7).Model, Seed.Of(7).Model);
        Assert.Equal(LogFile.Text(Seed.Of(7).Log), LogFile.Text(Seed.Of(7).Log));
    }

    [Fact]
    public void Shrinker_keeps_only_the_lines_that_matter()
    {
        var lines = Enumerable.Range(0, 100).Select(i => Encoding.UTF8.GetBytes($"{i}")).ToList();
        var left = Shrinker.Shrink(lines, some => some.Any(l => l is [(byte)'7']) && some.Any(l => l is [(byte)'9', (byte)'1']));
        Assert.Equal(["7", "91"], left.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Random_logs_reach_every_refusal_and_every_kind_of_fact()
    {
        var seeds = Enumerable.Range(1, 60).Select(n => Seed.Of((ulong)n)).Select(s => ReferenceReplay.Run(s.Model, s.Log, everyMillisecond: false)).ToList();
        var dead = string.Concat(seeds.SelectMany(s => s.Dead));
        var facts = string.Concat(seeds.SelectMany(s => s.Facts));
        foreach (var reason in new[] { "too_deep", "not_json", "no_type", "no_event_name", "no_identity", "bad_timestamp", "bad_property", "future", "late", "duplicate" })
            Assert.Contains($"\"reason\":\"{reason}\"", dead);
        foreach (var kind in new[] { "segment_entered", "segment_left", "stage_changed", "trigger", "merged" }) Assert.Contains($"\"kind\":\"{kind}\"", facts);
    }
}
