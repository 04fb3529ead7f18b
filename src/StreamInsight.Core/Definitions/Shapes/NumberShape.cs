using System.Globalization;
using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A number within bounds, whole or not, written plain.</summary>
internal sealed class NumberShape(double min, double max) : Shape
{
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");

    /// <summary>The number; null if there is none within the bounds.</summary>
    public double? Read(YamlNode? node) =>
        node is YamlText { Kind: YamlKind.Int or YamlKind.Float } text
        && double.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : null;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (Read(node) is null)
            Refuse(node, path, faults);
    }

    public override JsonObject Schema(SchemaDefs defs) => new() { ["type"] = "number", ["minimum"] = min, ["maximum"] = max };
}
