using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>One of a few words.</summary>
internal sealed class WordShape(string what, params string[] words) : Shape
{
    public override string Allowed => $"{what}: {string.Join(", ", words)}";

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is YamlText text && words.Contains(text.Text))
            return;
        if (node is YamlText { IsNull: false } other)
            faults.Add(node.Mark, $"{path}: {other.Given} is given; allowed is {Allowed}.{faults.Suggest(other.Text, words)}");
        else
            Refuse(node, path, faults);
    }

    public override JsonObject Schema(SchemaDefs defs) => new() { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };
}
