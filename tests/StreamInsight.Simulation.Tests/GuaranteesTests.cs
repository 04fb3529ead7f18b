using System.Text.RegularExpressions;
using Xunit;

namespace StreamInsight.Simulation;

/// <summary>docs/guarantees.md names what shows each promise: it has to exist.</summary>
public sealed partial class GuaranteesTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "StreamInsight.sln")))
            root = Path.GetDirectoryName(root)!;
        var tests = Directory.GetFiles(Path.Combine(root, "tests"), "*Tests.cs", SearchOption.AllDirectories).GroupBy(Path.GetFileNameWithoutExtension)
            .ToDictionary(g => g.Key!, g => string.Concat(g.Select(File.ReadAllText)));
        MatchCollection named = Named().Matches(File.ReadAllText(Path.Combine(root, "docs", "guarantees.md")));
        Assert.True(named.Count > 30);
        Assert.All(named, name => Assert.True(
            tests.TryGetValue(name.Groups[1].Value, out string? text) && (!name.Groups[2].Success || text.Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal)),
            $"{name.Value} does not exist"));
    }

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+))?`")]
    private static partial Regex Named();
}
