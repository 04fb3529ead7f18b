using System.Text;

namespace StreamInsight.Fuzz;

/// <summary>Sound inputs that stand in the repository.</summary>
public static class Corpus
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "corpus");

    public static string Model { get; } = File.ReadAllText(Path.Combine(Folder, "model.yaml"));

    public static IEnumerable<byte[]> Events => File.ReadLines(Path.Combine(Folder, "events.jsonl")).Select(Encoding.UTF8.GetBytes);

    public static IEnumerable<byte[]> Expressions => File.ReadLines(Path.Combine(Folder, "expressions.txt")).Select(Encoding.UTF8.GetBytes);

    public static IEnumerable<byte[]> Models => Directory.GetFiles(Path.Combine(Folder, "models")).Append(Path.Combine(Folder, "model.yaml")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public static IReadOnlyList<byte[]> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
}
