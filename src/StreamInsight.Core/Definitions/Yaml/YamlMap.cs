namespace StreamInsight.Definitions.Yaml;

internal readonly record struct YamlEntry(YamlText Key, YamlNode Value);

/// <summary>A map in written order. A repeated key was reported; only its first value is here.</summary>
internal sealed class YamlMap(Mark mark, List<YamlEntry> entries) : YamlNode(mark)
{
    private readonly Dictionary<string, YamlNode> _byKey = entries.ToDictionary(e => e.Key.Text, e => e.Value, StringComparer.Ordinal);

    public List<YamlEntry> Entries { get; } = entries;

    public override string Given => "a map";

    public YamlNode? Find(string key) => _byKey.GetValueOrDefault(key);
}
