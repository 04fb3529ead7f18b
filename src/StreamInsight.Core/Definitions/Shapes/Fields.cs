using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>
/// Reads the values of one map by key. What is absent, or was reported as faulty, is null: the shape check has said everything about form.
/// Asking for a key that the shape does not have is a bug.
/// </summary>
internal readonly struct Fields(YamlNode? node, MapShape shape)
{
    private readonly YamlMap? _map = node as YamlMap;

    public bool Has(string key) => Node(key) is not null;

    public YamlNode? Node(string key)
    {
        _ = shape.Of(key);
        return _map?.Find(key);
    }

    public YamlText? Scalar(string key) => Node(key) is YamlText { IsNull: false } text ? text : null;

    /// <summary>A text: a number or truth value in its place was refused.</summary>
    public string? Text(string key) => Node(key) is YamlText { Kind: YamlKind.Text } text ? text.Text : null;

    public long? Duration(string key) => ((DurationShape)shape.Of(key)).Read(Node(key));

    public int? Whole(string key) => ((WholeNumberShape)shape.Of(key)).Read(Node(key));

    public double? Number(string key) => ((NumberShape)shape.Of(key)).Read(Node(key));

    public ExpressionSource? Expression(string key) => ExpressionShape.Read(Node(key));

    public IReadOnlyList<YamlNode> Items(string key) => (Node(key) as YamlList)?.Items ?? [];

    /// <summary>The texts of a list; items that are no texts were refused.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Items(key).OfType<YamlText>().Where(t => !t.IsNull).Select(t => t.Text)];

    public IReadOnlyList<YamlEntry> Entries(string key) => (Node(key) as YamlMap)?.Entries ?? [];

    public Fields Map(string key, MapShape inner) => new(Node(key), inner);
}
