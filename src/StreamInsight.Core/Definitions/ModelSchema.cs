using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamInsight.Definitions.Shapes;

namespace StreamInsight.Definitions;

/// <summary>
/// The JSON Schema (draft 2020-12) of a model, made from the table of keys the reader itself uses. Editors complete and check with it. What needs more than the
/// form (names that must exist, types, expressions) only <c>streaminsight check</c> sees.
/// </summary>
public static class ModelSchema
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as indented JSON, with a line end. The same at every call.</summary>
    public static string Text()
    {
        var defs = new SchemaDefs();
        var root = ModelShape.Root.Schema(defs);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "StreamInsight model",
            ["description"] = "What is counted about customers, which stages and segments there are, and what is told to others.",
        };
        foreach (var (key, value) in root.ToList())
        {
            root.Remove(key);
            schema[key] = value;
        }
        schema["$defs"] = defs.Defs;
        return schema.ToJsonString(Options) + "\n";
    }
}
