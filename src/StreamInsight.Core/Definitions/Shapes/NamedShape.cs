using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A map from names of the author's choice to one shape each. Nothing (an empty section) is an empty map.</summary>
internal sealed class NamedShape(string what, NameRule rule, Shape item, int max) : Shape
{
    /// <summary>One key with a shape of its own (<c>traits.group</c>); null = none.</summary>
    public Key? Special { get; init; }

    public override string Allowed => $"a map of {what} by name";

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is YamlText { IsNull: true })
            return;
        if (node is not YamlMap map)
        {
            Refuse(node, path, faults);
            return;
        }
        if (map.Entries.Count > max)
            faults.Add(map.Entries[max].Key.Mark, $"{path}: {map.Entries.Count} {what} are given; allowed are {max}");
        foreach (var (key, value) in map.Entries.Take(max))
        {
            if (key.Text == Special?.Name)
            {
                Special.Shape.Check(value, $"{path}.{key.Text}", faults);
                continue;
            }
            if (rule.Problem(key.Text) is { } problem)
                faults.Add(key.Mark, $"{path}: {Faults.Quote(key.Text)} {problem}");
            item.Check(value, $"{path}.{Faults.Short(key.Text)}", faults);
        }
    }

    public override JsonObject Schema(SchemaDefs defs)
    {
        var names = new JsonObject { ["pattern"] = rule.Pattern, ["maxLength"] = rule.MaxLength };
        if (rule.Reserved.Count > 0)
            names["not"] = new JsonObject { ["enum"] = new JsonArray([.. rule.Reserved.Select(r => (JsonNode)r)]) };
        var map = new JsonObject
        {
            ["type"] = new JsonArray("object", "null"),
            ["propertyNames"] = names,
            ["additionalProperties"] = defs.Of(item),
            ["maxProperties"] = max,
        };
        if (Special is not null)
            map["properties"] = new JsonObject { [Special.Name] = defs.Of(Special.Shape, Special.Doc) };
        return map;
    }
}
