using System.Globalization;
using System.Text.Json.Nodes;
using StreamInsight.Definitions;
using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Server.Configuration;

/// <summary>A number within bounds, whole or not.</summary>
internal sealed class NumberShape(double min, double max) : Shape
{
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");

    public double? Read(YamlNode? node) =>
        node is YamlText text && double.TryParse(text.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= min && number <= max
            ? number
            : null;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (Read(node) is null)
            Refuse(node, path, faults);
    }

    public override JsonObject Schema(SchemaDefs defs) => new() { ["type"] = "number", ["minimum"] = min, ["maximum"] = max };
}
