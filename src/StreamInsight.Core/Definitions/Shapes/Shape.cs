using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>
/// What may stand at one place of a model. The reader checks with it and the JSON Schema is made from it, so that the two cannot differ.
/// Holds no state of a reading.
/// </summary>
internal abstract class Shape
{
    /// <summary>What is allowed, for a message: <c>a duration such as 30m or 7d</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>Name among the schema's <c>$defs</c>; null = written out where it is used.</summary>
    public string? SchemaName { get; init; }

    /// <summary>Adds every fault of <paramref name="node"/>. <paramref name="path"/> says where it is, for messages: <c>features.calls_7d.window</c>.</summary>
    public abstract void Check(YamlNode node, string path, Faults faults);

    /// <summary>The schema of this shape; <paramref name="defs"/> turns parts that have a name into references.</summary>
    public abstract JsonObject Schema(SchemaDefs defs);

    protected void Refuse(YamlNode node, string path, Faults faults)
    {
        if (node is not YamlBroken)
            faults.Add(node.Mark, $"{(path.Length == 0 ? "" : $"{path}: ")}{node.Given} is given; allowed is {Allowed}");
    }
}
