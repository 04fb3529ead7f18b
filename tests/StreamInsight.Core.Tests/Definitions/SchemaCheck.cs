using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StreamInsight.Tests.Definitions;

/// <summary>As much of JSON Schema (draft 2020-12) as the model's schema uses. A keyword it does not know fails, so that none is passed over in silence.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Remarks = ["$schema", "$defs", "title", "description", "default"];

    public static List<string> Faults(JsonNode schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema, schema, value, "", faults);
        return faults;
    }

    private static void Check(JsonNode root, JsonNode schema, JsonNode? value, string path, List<string> faults)
    {
        foreach (var (keyword, rule) in schema.AsObject())
            if (!Remarks.Contains(keyword) && !Holds(root, schema, keyword, rule!, value, path, faults))
                faults.Add($"{path}: {keyword} {rule!.ToJsonString()} does not hold for {value?.ToJsonString() ?? "null"}");
    }

    private static bool Holds(JsonNode root, JsonNode schema, string keyword, JsonNode rule, JsonNode? value, string path, List<string> faults)
    {
        var map = value as JsonObject;
        var list = value as JsonArray;
        var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        var number = value?.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : (double?)null;
        switch (keyword)
        {
            case "$ref":
                Check(root, root["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!, value, path, faults);
                return true;
            case "type":
                return rule is JsonArray types ? types.Any(t => IsOf(t!.GetValue<string>(), value)) : IsOf(rule.GetValue<string>(), value);
            case "properties":
                foreach (var (key, inner) in rule.AsObject())
                    if (map?.ContainsKey(key) == true)
                        Check(root, inner!, map[key], $"{path}/{key}", faults);
                return true;
            case "additionalProperties":
                foreach (var (key, inner) in map ?? [])
                    if (schema["properties"]?[key] is null && rule.GetValueKind() == JsonValueKind.False)
                        faults.Add($"{path}: unknown key {key}");
                    else if (schema["properties"]?[key] is null)
                        Check(root, rule, inner, $"{path}/{key}", faults);
                return true;
            case "propertyNames":
                foreach (var (key, _) in map ?? [])
                    if (schema["properties"]?[key] is null)
                        Check(root, rule, key, path, faults);
                return true;
            case "items":
                for (var i = 0; i < list?.Count; i++)
                    Check(root, rule, list[i], $"{path}/{i}", faults);
                return true;
            case "required":
                return map is null || rule.AsArray().All(key => map.ContainsKey(key!.GetValue<string>()));
            case "oneOf":
                return map is null || rule.AsArray().Count(one => IsGood(root, one!, value)) == 1;
            case "anyOf":
                return rule.AsArray().Any(one => IsGood(root, one!, value));
            case "not":
                return !IsGood(root, rule, value);
            case "dependentSchemas":
                foreach (var (key, inner) in rule.AsObject())
                    if (map?.ContainsKey(key) == true)
                        Check(root, inner!, value, path, faults);
                return true;
            case "enum":
                return rule.AsArray().Any(one => JsonNode.DeepEquals(one, value));
            case "const":
                return number is not null && number == rule.GetValue<double>();
            case "pattern":
                return text is null || Regex.IsMatch(text, rule.GetValue<string>());
            case "maxLength":
                return text is null || text.Length <= rule.GetValue<int>();
            case "minimum":
                return number is null || number >= rule.GetValue<double>();
            case "maximum":
                return number is null || number <= rule.GetValue<double>();
            case "minItems":
                return list is null || list.Count >= rule.GetValue<int>();
            case "maxItems":
                return list is null || list.Count <= rule.GetValue<int>();
            case "uniqueItems":
                return list is null || list.Select(i => i?.ToJsonString()).Distinct().Count() == list.Count;
            case "maxProperties":
                return map is null || map.Count <= rule.GetValue<int>();
            default:
                throw new InvalidOperationException($"The schema uses {keyword}, which this check does not know.");
        }
    }

    private static bool IsGood(JsonNode root, JsonNode schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(root, schema, value, "", faults);
        return faults.Count == 0;
    }

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() % 1 == 0,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        _ => throw new InvalidOperationException($"unknown type {type}"),
    };
}
