using StreamInsight.Definitions;
using StreamInsight.Pipeline.Replay;
using StreamInsight.Testing;
using Xunit;

namespace StreamInsight.Server.Tests.Samples;

/// <summary>
/// The stories of the sample models: events in, facts out, as the pages beside them tell. Where a change is meant, write them anew:
/// <c>./insight replay --model samples/X.yaml --events samples/golden/X/events.jsonl --out samples/golden/X</c> (summary.json and replay.json are not kept).
/// </summary>
public sealed class GoldenSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaminsight-golden-").FullName;

    public static TheoryData<string> Samples => ["telco-care", "retailer"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_story_gives_the_golden_facts(string sample)
    {
        if (SharedData.Root is not { } root)
            return;
        string golden = Path.Combine(root, "samples", "golden", sample);
        using (Stream events = File.OpenRead(Path.Combine(golden, "events.jsonl")))
            new ReplayRunner(new ReplayOptions { Model = Model(root, sample), Events = events, OutputDirectory = _folder, Parallel = 2 }).Run();
        foreach (string file in (string[])["facts.jsonl", "profiles.jsonl", "dead.jsonl"])
        {
            string[] expected = File.ReadAllLines(Path.Combine(golden, file)), actual = File.ReadAllLines(Path.Combine(_folder, file));
            for (int i = 0; i < Math.Min(expected.Length, actual.Length); i++)
                Assert.True(expected[i] == actual[i], $"{file}:{i + 1}\nexpected {expected[i]}\nactual   {actual[i]}");
            Assert.Equal(expected.Length, actual.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_full_model_uses_the_whole_language(string sample)
    {
        if (SharedData.Root is not { } root)
            return;
        ModelDefinition model = Model(root, sample).Definition;
        Assert.True(model.Features.Count >= 25);
        Assert.True(model.Segments.Count >= 12);
        Assert.True(model.Actions.Count >= 5);
        Assert.True(model.Scores.Count(score => score.Learn is not null) >= 3);
        Assert.True(model.Triggers.Count >= 5);
        Assert.NotNull(model.Journey);
        Assert.NotNull(model.Routing);
        Assert.NotEmpty(model.Queues);
        Aggregate[] used = [.. model.Features.Select(feature => feature.Aggregate).Distinct()];
        Assert.Contains(Aggregate.Clv, used);
        Assert.Contains(Aggregate.PAlive, used);
        Assert.Contains(Aggregate.Rfm, used);
        Assert.Contains(Aggregate.Sequence, used);
        Assert.Contains(Aggregate.Decayed, used);
    }

    private static CompiledModel Model(string root, string sample)
    {
        CheckedModel check = ModelCheck.All(File.ReadAllBytes(Path.Combine(root, "samples", $"{sample}.yaml")));
        Assert.True(check.Faults.Count == 0, string.Join('\n', check.Faults));
        return check.Model!;
    }
}
