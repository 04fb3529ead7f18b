using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>What is looked at in a line of a fact.</summary>
public readonly record struct FactLine(string Customer, int Seq, string Kind, string? Trigger, string? Segment)
{
    public static FactLine Read(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        JsonElement root = json.RootElement;
        return new FactLine(root.GetProperty("customer").GetString()!, root.GetProperty("seq").GetInt32(), root.GetProperty("kind").GetString()!, Text(root, "trigger"), Text(root, "segment"));
    }

    /// <summary>The entry of a trigger's stream in Redis, from the fact's line alone, as field → value.</summary>
    public static IEnumerable<(string Field, string Value)> Entry(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        JsonElement root = json.RootElement;
        foreach (string field in (string[])["id", "customer", "seq", "at"])
            yield return (field, root.GetProperty(field).ToString());
        yield return ("max_age_at", "");
        foreach (string field in (string[])["cause", "kind", "on"])
            yield return (field, root.GetProperty(field).ToString());
        foreach (JsonProperty with in root.GetProperty("with").EnumerateObject())
            yield return (with.Name, with.Value.GetRawText());
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
