using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StreamInsight.Tests.Definitions;

/// <summary>YAML as the JSON an editor's schema check sees.</summary>
internal static class YamlJson
{
    public static JsonNode? Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return JsonNode.Parse(Of(stream.Documents[0].RootNode)!.ToJsonString()); // so that all numbers are of one kind
    }

    private static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Of(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Of)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode text => text.Value,
        _ => throw new InvalidOperationException($"{node.GetType().Name} in a model"),
    };

    private static JsonNode? Plain(string text)
    {
        if (text is "" or "~" or "null")
            return null;
        if (bool.TryParse(text, out var truth))
            return truth;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;
    }
}
