using System.Text.RegularExpressions;
using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

/// <summary>The YAML of docs/model.md: whole models check clean, and so do the excerpts, put into the first whole model.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<int> Blocks()
    {
        var blocks = new TheoryData<int>();
        for (var i = 0; i < All.Count; i++)
            blocks.Add(i);
        return blocks;
    }

    private static readonly List<string> All = [.. Yaml().Matches(Repository.Read("docs", "model.md")).Select(m => m.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Yaml_of_the_page_checks_clean(int block)
    {
        var yaml = All[block].StartsWith("model:", StringComparison.Ordinal) ? All[block] : Merge(block < FirstOfDecisions ? All[0] : Decisions(block), All[block]);
        var result = ModelCheck.All(yaml);
        Assert.True(result.Faults.Count == 0, string.Join("\n", result.Faults) + "\n" + yaml);
    }

    [Fact]
    public void The_page_has_a_whole_model_and_an_excerpt_for_each_section()
    {
        Assert.StartsWith("model:", All[0]);
        string[] sections = ["traits", "events", "features", "journey", "segments", "triggers", "subscribers", "scores", "actions", "policy", "queues", "routing", "pii"];
        Assert.All(sections, section => Assert.Contains(All.Skip(1), block => Sections(block).ContainsKey(section)));
    }

    private static int FirstOfDecisions => All.FindIndex(block => block.StartsWith("scores:", StringComparison.Ordinal));

    /// <summary>The first model with the excerpts about decisions but this one: they name each other.</summary>
    private static string Decisions(int but) =>
        All.Where((text, i) => i >= FirstOfDecisions && i != but && Sections(text).Keys.First() is "scores" or "actions" or "queues").Aggregate(All[0], Merge);

    /// <summary>Sections of the excerpt are added to those of the model; the journey and single values take their place.</summary>
    private static string Merge(string model, string excerpt)
    {
        var sections = Sections(model);
        foreach (var (key, text) in Sections(excerpt))
            sections[key] = sections.TryGetValue(key, out var old) && key != "journey" && old.Contains('\n') ? old + text[(text.IndexOf('\n') + 1)..] : text;
        return string.Concat(sections.Values);
    }

    private static Dictionary<string, string> Sections(string yaml)
    {
        var sections = new Dictionary<string, string>();
        var key = "";
        foreach (var line in yaml.Split('\n').Where(line => line.Length > 0))
        {
            if (char.IsAsciiLetter(line[0]))
                key = line[..line.IndexOf(':')];
            sections[key] = sections.GetValueOrDefault(key, "") + line + "\n";
        }
        return sections;
    }

    [GeneratedRegex(@"^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Yaml();
}
