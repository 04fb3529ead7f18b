using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>YAML as JSON nodes, as YAML 1.2 reads it; aliases and merge keys (<c>&lt;&lt;</c>) resolved.</summary>
internal static partial class YamlJson
{
    public static JsonObject One(string text) => (JsonObject)All(text).Single()!;

    /// <summary>The documents that are not empty.</summary>
    public static List<JsonNode?> All(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).Where(node => node is not null)];
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => Map(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        _ => Scalar((YamlScalarNode)node),
    };

    private static JsonObject Map(YamlMappingNode map)
    {
        var own = new JsonObject();
        var merged = new JsonObject();
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string name = ((YamlScalarNode)key).Value!;
            if (name != "<<")
                own[name] = Convert(value);
            else
                foreach (YamlNode from in value is YamlSequenceNode several ? several.Children : [value])
                    foreach ((string inner, JsonNode? content) in (JsonObject)Convert(from)!)
                        merged.TryAdd(inner, content?.DeepClone());
        }
        foreach ((string name, JsonNode? content) in merged)
            own.TryAdd(name, content?.DeepClone());
        return own;
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
            return text;
        return text switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            _ when Whole().IsMatch(text) => long.Parse(text, CultureInfo.InvariantCulture),
            _ when Fraction().IsMatch(text) => double.Parse(text, CultureInfo.InvariantCulture),
            _ => text,
        };
    }

    [GeneratedRegex("^-?(0|[1-9][0-9]*)$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^-?[0-9]+\.[0-9]+$")]
    private static partial Regex Fraction();
}
