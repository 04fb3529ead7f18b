using System.Text.Json.Nodes;

namespace StreamInsight.Definitions.Shapes;

/// <summary>Collects the named parts of a schema while it is written.</summary>
internal sealed class SchemaDefs
{
    public JsonObject Defs { get; } = [];

    /// <summary>The schema of a shape, or a reference to it if it has a name.</summary>
    public JsonObject Of(Shape shape, string? description = null)
    {
        var schema = shape.SchemaName is { } name ? Reference(name, shape) : shape.Schema(this);
        if (description is not null)
            schema["description"] = description;
        return schema;
    }

    private JsonObject Reference(string name, Shape shape)
    {
        if (!Defs.ContainsKey(name))
        {
            Defs[name] = new JsonObject();
            Defs[name] = shape.Schema(this);
        }
        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }
}
