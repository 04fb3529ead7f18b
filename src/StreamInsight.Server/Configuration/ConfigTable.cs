using System.Text;
using StreamInsight.Definitions.Shapes;

namespace StreamInsight.Server.Configuration;

/// <summary>Every key of <c>insight.yaml</c> as a Markdown table; a test compares it with docs/operations.md.</summary>
internal static class ConfigTable
{
    public static string Text()
    {
        var table = new StringBuilder("| key | what | default |\n|---|---|---|\n");
        Add(table, "", ConfigShape.Root);
        return table.ToString();
    }

    private static void Add(StringBuilder table, string prefix, MapShape map)
    {
        foreach (Key key in map.Keys)
        {
            string name = prefix + key.Name;
            MapShape? inner = name == "http.keys" ? ConfigShape.KeyEntry : key.Shape as MapShape;
            string otherwise = key.Default is { } value ? $"`{value}`" : key.IsRequired ? "required" : "";
            if (inner is null || name == "http.keys")
                table.Append("| `").Append(name).Append("` | ").Append(key.Doc).Append(" | ").Append(otherwise).Append(" |\n");
            if (inner is not null)
                Add(table, name == "http.keys" ? "http.keys[]." : name + ".", inner);
        }
    }
}
