using System.Text.Json;

namespace StreamInsight.Tests.Expressions;

/// <summary>One line of the CEL project's conformance tests.</summary>
public sealed record ConformanceCase(string File, string Section, string Name, JsonElement Json)
{
    public string Id => $"{File}/{Section}/{Name}";

    public string Expression => Json.GetProperty("expr").GetString()!;

    public bool IsChecked => !Json.TryGetProperty("disable_check", out var off) || !off.GetBoolean();

    public bool IsCheckOnly => Json.TryGetProperty("check_only", out var only) && only.GetBoolean();

    /// <summary>All cases of the file, or null where the shared data is not there.</summary>
    public static List<ConformanceCase>? Load()
    {
        var path = SharedData.Find("cel/cel-tests-flat.jsonl");
        if (path is null)
            return null;
        var cases = new List<ConformanceCase>();
        foreach (var line in System.IO.File.ReadLines(path))
        {
            var json = JsonDocument.Parse(line).RootElement;
            cases.Add(new(Text(json, "file"), Text(json, "section"), Text(json, "name"), json));
        }
        return cases;

        static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
    }
}
