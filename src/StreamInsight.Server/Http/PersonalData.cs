using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Definitions;

namespace StreamInsight.Server.Http;

/// <summary>Shows the values of the traits under <c>pii.masked</c>, and actions' texts that such a trait was filled into, as <c>"***"</c>. A value that is not set stays null.</summary>
internal sealed class PersonalData
{
    private const string Mask = "***";

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<string> _traits;
    private readonly Regex? _path;
    private readonly HashSet<(string Action, string Text)> _texts = [];

    public PersonalData(ModelDefinition model)
    {
        _traits = model.Pii.Masked;
        if (_traits.Count > 0)
            _path = new Regex($@"\btraits\.({string.Join('|', _traits.Select(Regex.Escape))})(?![A-Za-z0-9_])", RegexOptions.CultureInvariant);
        foreach (ActionDefinition action in model.Actions)
            _texts.UnionWith(action.Content.Where(text => _path?.IsMatch(text.Text) == true).Select(text => (action.Name, text.Name)));
    }

    public byte[] MaskProfile(byte[] line) => Change(line, root =>
    {
        foreach (string trait in _traits)
        {
            string[] parts = trait.Split('.');
            JsonObject? holder = root["traits"] as JsonObject;
            foreach (string part in parts[..^1])
                holder = holder?[part] as JsonObject;
            if (holder?[parts[^1]] is not null)
                holder[parts[^1]] = Mask;
        }
    });

    /// <summary>What conditions have read, in an explanation or in the record of a decision.</summary>
    public byte[] MaskExplanation(byte[] explanation) => Change(explanation, MaskReads);

    /// <summary>What a trigger takes along, and actions.</summary>
    public byte[] MaskFact(byte[] line) => Change(line, root =>
    {
        if (root["with"] is JsonObject with)
            MaskPaths(with);
    });

    private byte[] Change(byte[] json, Action<JsonObject> mask)
    {
        if (_path is null || JsonNode.Parse(json) is not JsonObject root)
            return json;
        mask(root);
        if (_texts.Count > 0)
            MaskTexts(root);
        return JsonSerializer.SerializeToUtf8Bytes(root, AsWritten);
    }

    private void MaskReads(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (string read in (ReadOnlySpan<string>)["reads", "inputs"])
                {
                    if (members[read] is JsonObject values)
                        MaskPaths(values);
                }
                foreach ((_, JsonNode? member) in members)
                {
                    if (member is not null)
                        MaskReads(member);
                }
                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    if (item is not null)
                        MaskReads(item);
                }
                break;
        }
    }

    private void MaskTexts(JsonNode node)
    {
        if (node is JsonObject item && item["action"] is JsonValue named && named.TryGetValue(out string? action) && item["content"] is JsonObject texts)
        {
            foreach (string text in texts.Select(member => member.Key).ToArray())
            {
                if (_texts.Contains((action, text)))
                    texts[text] = Mask;
            }
            return;
        }
        IEnumerable<JsonNode?> inside = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode? one in inside)
        {
            if (one is not null)
                MaskTexts(one);
        }
    }

    private void MaskPaths(JsonObject values)
    {
        foreach (string path in values.Select(member => member.Key).ToArray())
        {
            if (values[path] is not null && _path!.IsMatch(path))
                values[path] = Mask;
        }
    }
}
