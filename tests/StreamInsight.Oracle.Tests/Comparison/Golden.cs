using System.Text;
using StreamInsight.Oracle.Customers;

namespace StreamInsight.Oracle.Comparison;

/// <summary>
/// Hand-checked cases, one sentence of the semantics each: <c>golden/&lt;case&gt;/{model.yaml,events.jsonl,facts.jsonl,profiles.jsonl,dead.jsonl}</c>.
/// Environment variable STREAMINSIGHT_WRITE_GOLDEN=1 writes what the oracle gives; read it before committing it.
/// </summary>
public sealed record Golden(string Model, List<byte[]> Events, ReplayOutput Expected)
{
    public static string Folder { get; } = FindFolder();

    public static IEnumerable<string> Names => Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    public static Golden Read(string name)
    {
        var folder = Path.Combine(Folder, name);
        List<string> Lines(string file) => File.Exists(Path.Combine(folder, file)) ? [.. File.ReadAllText(Path.Combine(folder, file)).Split('\n').SkipLast(1)] : [];
        return new(File.ReadAllText(Path.Combine(folder, "model.yaml")), LogFile.Lines(File.ReadAllBytes(Path.Combine(folder, "events.jsonl"))),
            new(Lines("facts.jsonl"), Lines("profiles.jsonl"), Lines("dead.jsonl")));
    }

    public static void Write(string name, ReplayOutput output)
    {
        void Lines(string file, List<string> lines) =>
            File.WriteAllText(Path.Combine(Folder, name, file), string.Concat(lines.Select(l => l + "\n")), new UTF8Encoding(false));
        Lines("facts.jsonl", output.Facts);
        Lines("profiles.jsonl", output.Profiles);
        Lines("dead.jsonl", output.Dead);
    }

    private static string FindFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "StreamInsight.sln"))) at = at.Parent ?? throw new DirectoryNotFoundException("StreamInsight.sln");
        return Path.Combine(at.FullName, "tests", "StreamInsight.Oracle.Tests", "golden");
    }
}
