using System.Text.Json;

namespace StreamInsight.Expressions.Eval;

/// <summary>Types as a <c>type_env</c> of the CEL conformance tests writes them: <c>{"primitive":"INT64"}</c>, <c>{"list_type":{"elem_type":…}}</c>.</summary>
public static class TypedType
{
    /// <summary>The type, or <see cref="CelType.Dyn"/> where it is none of ours (messages, type parameters).</summary>
    public static CelType Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return CelType.Dyn;
        foreach (var property in json.EnumerateObject())
        {
            switch (property.Name)
            {
                case "primitive":
                    return Primitive(property.Value);
                case "wrapper":
                    return CelType.Nullable(Primitive(property.Value));
                case "null":
                    return CelType.Null;
                case "list_type":
                    return CelType.List(Inner(property.Value, "elem_type"));
                case "map_type":
                    return CelType.Map(Inner(property.Value, "key_type"), Inner(property.Value, "value_type"));
                case "well_known" or "message_type":
                    return property.Value.ValueKind != JsonValueKind.String ? CelType.Dyn : property.Value.GetString() switch
                    {
                        "TIMESTAMP" or "google.protobuf.Timestamp" => CelType.Timestamp,
                        "DURATION" or "google.protobuf.Duration" => CelType.Duration,
                        _ => CelType.Dyn,
                    };
            }
        }
        return CelType.Dyn;
    }

    private static CelType Inner(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var inner) ? Read(inner) : CelType.Dyn;

    private static CelType Primitive(JsonElement json) => json.ValueKind != JsonValueKind.String ? CelType.Dyn : json.GetString() switch
    {
        "BOOL" => CelType.Bool,
        "INT64" => CelType.Int,
        "UINT64" => CelType.Uint,
        "DOUBLE" => CelType.Double,
        "STRING" => CelType.String,
        "BYTES" => CelType.Bytes,
        _ => CelType.Dyn,
    };
}
