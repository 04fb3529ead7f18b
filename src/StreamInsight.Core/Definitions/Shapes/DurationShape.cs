using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A span of time, at most <see cref="MaxMs"/>.</summary>
internal sealed class DurationShape(bool mayBeZero) : Shape
{
    /// <summary>100 years of 365.25 days: nothing in a customer's life is longer.</summary>
    public const long MaxMs = 36_525 * 86_400_000L;

    public override string Allowed => "a whole number with its unit (ms s m h d w), such as 30m, 7d or 1h30m";

    /// <summary>Milliseconds; null if there is no span within the bounds.</summary>
    public long? Read(YamlNode? node) =>
        node is YamlText text && Duration.TryParse(text.Text, out var ms) && ms <= MaxMs && (ms > 0 || mayBeZero) ? ms : null;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is not YamlText text || text.IsNull || !Duration.TryParse(text.Text, out var ms))
            Refuse(node, path, faults);
        else if (ms > MaxMs)
            faults.Add(node.Mark, $"{path}: {text.Text} is given; allowed is at most {Duration.Format(MaxMs)}");
        else if (ms == 0 && !mayBeZero)
            faults.Add(node.Mark, $"{path}: {text.Text} is given; it must be longer than nothing, such as 30m or 7d");
    }

    public override JsonObject Schema(SchemaDefs defs) => mayBeZero
        ? new() { ["anyOf"] = new JsonArray(Text(), new JsonObject { ["const"] = 0 }) }
        : Text();

    private static JsonObject Text() => new() { ["type"] = "string", ["pattern"] = "^([0-9]+(ms|s|m|h|d|w))+$" };
}
