using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A CEL expression. A plain <c>true</c> or <c>1.5</c> is an expression too. Its own rules are checked when it is compiled.</summary>
internal sealed class ExpressionShape : Shape
{
    public const int MaxLength = 10_000;

    public override string Allowed => "an expression, such as \"features.calls_7d >= 3\"";

    public static ExpressionSource? Read(YamlNode? node) =>
        node is YamlText { IsNull: false } text && !string.IsNullOrWhiteSpace(text.Text) && text.Text.Length <= MaxLength
            ? new ExpressionSource(text.Kind == YamlKind.Bool ? text.Text.ToLowerInvariant() : text.Text, text.Mark) { Raw = text.Raw }
            : null;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is YamlText { Text.Length: > MaxLength } text)
            faults.Add(node.Mark, $"{path}: {text.Text.Length} characters are given; an expression has at most {MaxLength}");
        else if (Read(node) is null)
            Refuse(node, path, faults);
    }

    public override JsonObject Schema(SchemaDefs defs) => new()
    {
        ["type"] = new JsonArray("string", "boolean", "number"),
        ["maxLength"] = MaxLength,
    };
}
