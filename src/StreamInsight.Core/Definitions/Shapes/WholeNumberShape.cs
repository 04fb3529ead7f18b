using System.Globalization;
using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A whole number within bounds, written plain.</summary>
internal sealed class WholeNumberShape(int min, int max) : Shape
{
    public override string Allowed => max == int.MaxValue ? $"a whole number from {min}" : $"a whole number from {min} to {max}";

    /// <summary>The number; null if there is none within the bounds.</summary>
    public int? Read(YamlNode? node) =>
        node is YamlText { Kind: YamlKind.Int } text && int.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= min && number <= max
            ? number
            : null;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (Read(node) is not null)
            return;
        if (node is YamlText { Kind: YamlKind.Text } text && int.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            faults.Add(node.Mark, $"{path}: the text {text.Given} is given; allowed is {Allowed}, without quotes");
        else
            Refuse(node, path, faults);
    }

    public override JsonObject Schema(SchemaDefs defs)
    {
        var number = new JsonObject { ["type"] = "integer", ["minimum"] = min };
        if (max != int.MaxValue)
            number["maximum"] = max;
        return number;
    }
}
