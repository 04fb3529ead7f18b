using System.Globalization;
using System.Text.Json;
using StreamInsight.Expressions.Library;
using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Eval;

/// <summary>
/// Values in the typed form of the CEL conformance tests: <c>{"int64_value":"1"}</c>, <c>{"list_value":{"values":[…]}}</c>. Timestamps, durations and wrapper
/// messages are <c>object_value</c>s with an <c>@type</c>; other messages are unknown here.
/// </summary>
public static class TypedJson
{
    private const string TypePrefix = "type.googleapis.com/google.protobuf.";

    /// <summary>
    /// Reads one value. Throws <see cref="FormatException"/> if it is not of the typed form, <see cref="NotSupportedException"/> if it is a message that is unknown here.
    /// </summary>
    public static Value Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"a typed value is an object like {{\"int64_value\":\"1\"}}, this is {json.GetRawText()}");
        foreach (var property in json.EnumerateObject())
            return Read(property.Name, property.Value);
        throw new FormatException("a typed value is empty");
    }

    /// <summary>Writes one value; an error has no typed form and must not come here.</summary>
    public static void Write(Utf8JsonWriter writer, in Value value)
    {
        writer.WriteStartObject();
        switch (value.Kind)
        {
            case ValueKind.Null:
                writer.WriteNull("null_value");
                break;
            case ValueKind.Bool:
                writer.WriteBoolean("bool_value", value.IsTrue);
                break;
            case ValueKind.Int:
                writer.WriteString("int64_value", value.AsInt.ToString(CultureInfo.InvariantCulture));
                break;
            case ValueKind.Uint:
                writer.WriteString("uint64_value", value.AsUint.ToString(CultureInfo.InvariantCulture));
                break;
            case ValueKind.Double:
                WriteDouble(writer, value.AsDouble);
                break;
            case ValueKind.String:
                writer.WriteString("string_value", value.AsString);
                break;
            case ValueKind.Bytes:
                writer.WriteBase64String("bytes_value", value.AsBytes);
                break;
            case ValueKind.Type:
                writer.WriteString("type_value", value.AsTypeName);
                break;
            case ValueKind.Timestamp:
                WriteObject(writer, "Timestamp", TimeText.FormatTimestamp(value, isGrouped: true));
                break;
            case ValueKind.Duration:
                WriteObject(writer, "Duration", TimeText.FormatDuration(value, isGrouped: true));
                break;
            case ValueKind.List:
                WriteList(writer, value.AsList);
                break;
            case ValueKind.Map:
                WriteMap(writer, value.AsMap);
                break;
            default:
                throw new ArgumentException("an error has no typed form", nameof(value));
        }
        writer.WriteEndObject();
    }

    private static Value Read(string form, JsonElement json)
    {
        switch (form)
        {
            case "null_value":
                return Value.Null;
            case "bool_value":
                return Value.Bool(json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : throw Bad(form, json));
            case "int64_value":
                return Value.Int(long.TryParse(Text(json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Bad(form, json));
            case "uint64_value":
                return Value.Uint(ulong.TryParse(Text(json), NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? unsigned : throw Bad(form, json));
            case "double_value":
                return Value.Double(NumberText.TryParse(Text(json), out var number) ? number : throw Bad(form, json));
            case "string_value":
                return Value.String(json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Bad(form, json));
            case "bytes_value":
                return Value.Bytes(json.ValueKind == JsonValueKind.String && json.TryGetBytesFromBase64(out var bytes) ? bytes : throw Bad(form, json));
            case "type_value":
                return Value.Type(json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Bad(form, json));
            case "list_value":
                return Value.List([.. Items(json, "values").Select(Read)]);
            case "map_value":
                var entries = Items(json, "entries").Select(e => new KeyValuePair<Value, Value>(Read(Member(e, "key")), Read(Member(e, "value")))).ToArray();
                return CelMap.TryCreate(entries, out var map, out _) ? Value.Map(map) : throw new FormatException("a map_value repeats a key, or has one that cannot be a key");
            case "object_value":
                return ReadObject(json);
            default:
                throw new FormatException($"unknown form '{form}' of a typed value");
        }
    }

    private static Value ReadObject(JsonElement json)
    {
        var type = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        if (!type.StartsWith(TypePrefix, StringComparison.Ordinal))
            throw new NotSupportedException($"messages of type '{type}' are not supported");
        var content = json.TryGetProperty("value", out var inner) ? inner : default;
        var text = content.ValueKind == JsonValueKind.Undefined ? "0" : Text(content);
        switch (type[TypePrefix.Length..])
        {
            case "Timestamp":
                return Accepted(TimeText.ParseTimestamp(text));
            case "Duration":
                return Accepted(TimeText.ParseDuration(text));
            case "BoolValue":
                return Value.Bool(content.ValueKind == JsonValueKind.True);
            case "Int32Value" or "Int64Value":
                return Read("int64_value", Quoted(text));
            case "UInt32Value" or "UInt64Value":
                return Read("uint64_value", Quoted(text));
            case "FloatValue" or "DoubleValue":
                return Read("double_value", Quoted(text));
            case "StringValue":
                return Value.String(content.ValueKind == JsonValueKind.Undefined ? "" : text);
            case "BytesValue":
                return content.ValueKind == JsonValueKind.Undefined ? Value.Bytes([]) : Read("bytes_value", content);
            case "Value" or "Struct" or "ListValue":
                return content.ValueKind == JsonValueKind.Undefined ? Value.Null : Plain(content);
            default:
                throw new NotSupportedException($"messages of type '{type}' are not supported");
        }
    }

    /// <summary>JSON as CEL sees it: numbers are doubles, objects maps.</summary>
    private static Value Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => Value.Bool(json.GetBoolean()),
        JsonValueKind.Number => Value.Double(json.GetDouble()),
        JsonValueKind.String => Value.String(json.GetString()!),
        JsonValueKind.Array => Value.List([.. json.EnumerateArray().Select(Plain)]),
        JsonValueKind.Object => MapNode.Create([.. json.EnumerateObject().Select(p => new KeyValuePair<Value, Value>(Value.String(p.Name), Plain(p.Value)))]),
        _ => Value.Null,
    };

    private static Value Accepted(in Value value) => value.IsError ? throw new FormatException(value.AsString) : value;

    private static JsonElement Quoted(string text) => JsonSerializer.SerializeToElement(text);

    private static FormatException Bad(string form, JsonElement json) => new($"{json.GetRawText()} is no {form}");

    private static string Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number => json.GetRawText(),
        _ => "",
    };

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : throw new FormatException($"'{name}' is missing in {json.GetRawText()}");

    private static IEnumerable<JsonElement> Items(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var items))
            return [];
        return items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : throw new FormatException($"'{name}' is no array");
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        var text = NumberText.Format(value);
        if (!double.IsFinite(value))
            writer.WriteString("double_value", text);
        else
        {
            writer.WritePropertyName("double_value");
            // Written so that every reader takes it for a double, -0.0 too.
            writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0");
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, string type, string text)
    {
        writer.WriteStartObject("object_value");
        writer.WriteString("@type", TypePrefix + type);
        writer.WriteString("value", text);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, Value[] elements)
    {
        writer.WriteStartObject("list_value");
        if (elements.Length > 0)
        {
            writer.WriteStartArray("values");
            foreach (ref readonly var element in elements.AsSpan())
                Write(writer, element);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, CelMap map)
    {
        writer.WriteStartObject("map_value");
        if (map.Count > 0)
        {
            writer.WriteStartArray("entries");
            foreach (ref readonly var entry in map.Entries)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("key");
                Write(writer, entry.Key);
                writer.WritePropertyName("value");
                Write(writer, entry.Value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
