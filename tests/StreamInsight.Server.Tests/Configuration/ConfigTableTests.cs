using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Tests.Configuration;

/// <summary>The table of keys in docs/operations.md is that of the code; written anew with <c>STREAMINSIGHT_WRITE_DOCS=1</c>.</summary>
public sealed class ConfigTableTests
{
    private const string Begin = "<!-- keys: written by a test -->\n", End = "<!-- /keys -->\n";

    [Fact]
    public void The_documented_keys_are_those_of_the_code()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "StreamInsight.sln")))
            folder = folder.Parent;
        string path = Path.Combine(folder.FullName, "docs", "operations.md");
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_WRITE_DOCS") == "1")
            File.WriteAllText(path, text = text[..begin] + ConfigTable.Text() + text[end..]);
        end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(text[begin..end] == ConfigTable.Text(), "Write it anew: STREAMINSIGHT_WRITE_DOCS=1 ./insight test ConfigTableTests");
    }
}
