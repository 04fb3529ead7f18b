using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A map with fixed keys, and rules between them.</summary>
internal sealed class MapShape(string what, params Key[] keys) : Shape
{
    private readonly Dictionary<string, Key> _keys = keys.ToDictionary(k => k.Name, StringComparer.Ordinal);

    public IReadOnlyList<Key> Keys { get; } = keys;

    /// <summary>Exactly one of these must be there; empty = no such rule.</summary>
    public string[] OneOf { get; init; } = [];

    /// <summary>At least one of these must be there; empty = no such rule.</summary>
    public string[] AnyOf { get; init; } = [];

    /// <summary>If <c>Key</c> is there, one of <c>Other</c> must be there too.</summary>
    public (string Key, string[] Other)[] Needs { get; init; } = [];

    /// <summary>A key that bears no other beside it.</summary>
    public string? Alone { get; init; }

    public override string Allowed => $"{what}: a map with the keys {string.Join(", ", Keys.Select(k => k.Name))}";

    public bool Has(string key) => _keys.ContainsKey(key);

    /// <summary>What may stand behind a key. Asking for a key that is not there is a bug.</summary>
    public Shape Of(string key) => _keys[key].Shape;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is not YamlMap map)
        {
            Refuse(node, path, faults);
            return;
        }
        foreach (var (key, value) in map.Entries)
        {
            if (_keys.TryGetValue(key.Text, out var known))
                known.Shape.Check(value, path.Length == 0 ? key.Text : $"{path}.{key.Text}", faults);
            else
                RefuseKey(key, value, path, faults);
        }
        CheckRules(map, path, faults);
    }

    public override JsonObject Schema(SchemaDefs defs)
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
        {
            var schema = defs.Of(key.Shape, key.Doc);
            if (key.Default is { } value)
                schema["default"] = long.TryParse(value, out var number) ? number : value;
            properties[key.Name] = schema;
        }
        var map = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (Keys.Any(k => k.IsRequired))
            map["required"] = Names(Keys.Where(k => k.IsRequired).Select(k => k.Name));
        if (OneOf.Length > 0)
            map["oneOf"] = new JsonArray([.. OneOf.Select(Required)]);
        if (AnyOf.Length > 0)
            map["anyOf"] = new JsonArray([.. AnyOf.Select(Required)]);
        var dependent = new JsonObject();
        foreach (var (key, other) in Needs)
            dependent[key] = other.Length == 1 ? Required(other[0]) : new JsonObject { ["anyOf"] = new JsonArray([.. other.Select(Required)]) };
        if (Alone is not null)
            dependent[Alone] = new JsonObject { ["maxProperties"] = 1 };
        if (dependent.Count > 0)
            map["dependentSchemas"] = dependent;
        return map;
    }

    private static JsonObject Required(string key) => new() { ["required"] = Names([key]) };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => (JsonNode)n)]);

    private static string Prefix(string path) => path.Length == 0 ? "" : $"{path}: ";

    private void RefuseKey(YamlText key, YamlNode value, string path, Faults faults)
    {
        var hint = faults.Suggest(key.Text, _keys.Keys);
        if (hint.Length == 0 && value is YamlText { IsNull: true })
            hint = " If it is part of an expression, put the whole expression in quotes.";
        faults.Add(key.Mark, $"{Prefix(path)}unknown key {Faults.Quote(key.Text)}.{hint} Allowed: {string.Join(", ", Keys.Select(k => k.Name))}");
    }

    private void CheckRules(YamlMap map, string path, Faults faults)
    {
        foreach (var key in Keys.Where(k => k.IsRequired && map.Find(k.Name) is null))
            faults.Add(map.Mark, $"{Prefix(path)}{key.Name}: is missing; it must be {key.Shape.Allowed}");

        var given = map.Entries.Where(e => OneOf.Contains(e.Key.Text)).ToList();
        if (OneOf.Length > 0 && given.Count == 0)
            faults.Add(map.Mark, $"{Prefix(path)}exactly one of these must be there, and none is: {string.Join(", ", OneOf)}");
        foreach (var second in given.Skip(1))
            faults.Add(second.Key.Mark, $"{Prefix(path)}{second.Key.Text} cannot stand beside {given[0].Key.Text}; exactly one of {string.Join(", ", OneOf)} must be there");
        if (AnyOf.Length > 0 && !AnyOf.Any(k => map.Find(k) is not null))
            faults.Add(map.Mark, $"{Prefix(path)}one of {string.Join(", ", AnyOf)} must be there");
        if (given.Count > 1)
            return;

        if (Alone is not null && map.Find(Alone) is not null)
        {
            foreach (var (key, _) in map.Entries.Where(e => e.Key.Text != Alone && Has(e.Key.Text)))
                faults.Add(key.Mark, $"{Prefix(path)}{key.Text} cannot stand beside {Alone}; {Alone} stands alone");
            return;
        }
        foreach (var (key, other) in Needs)
            if (Entry(map, key) is { } entry && !other.Any(o => map.Find(o) is not null))
                faults.Add(entry.Key.Mark, $"{Prefix(path)}{key} needs {string.Join(" or ", other)} beside it");
    }

    private static YamlEntry? Entry(YamlMap map, string key)
    {
        foreach (var entry in map.Entries)
            if (entry.Key.Text == key)
                return entry;
        return null;
    }
}
