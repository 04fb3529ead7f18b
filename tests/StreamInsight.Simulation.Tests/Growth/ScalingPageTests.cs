using StreamInsight.Bench.Growth;
using Xunit;

namespace StreamInsight.Simulation.Growth;

/// <summary>The simulated tables of docs/scaling.md are what the simulation prints; written anew with <c>STREAMINSIGHT_WRITE_DOCS=1</c>.</summary>
public sealed class ScalingPageTests
{
    private const string Begin = "<!-- growth 42: written by a test -->\n", End = "<!-- /growth -->\n";

    [Fact]
    public void The_simulated_tables_are_those_of_the_simulation()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "StreamInsight.sln")))
            root = Path.GetDirectoryName(root)!;
        string path = Path.Combine(root, "docs", "scaling.md"), text = File.ReadAllText(path), tables = GrowthReport.Text(seed: 42);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_WRITE_DOCS") == "1")
            File.WriteAllText(path, text = text[..begin] + tables + text[end..]);
        end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(text[begin..end] == tables, "Write it anew: STREAMINSIGHT_WRITE_DOCS=1 ./insight test ScalingPageTests");
    }
}
