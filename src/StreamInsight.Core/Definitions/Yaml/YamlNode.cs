namespace StreamInsight.Definitions.Yaml;

/// <summary>A node of the YAML document, with the place where it starts.</summary>
internal abstract class YamlNode(Mark mark)
{
    public Mark Mark { get; } = mark;

    /// <summary>What stands there, for a message: <c>a list</c>, <c>the number 7</c>, <c>"text"</c>.</summary>
    public abstract string Given { get; }
}

/// <summary>Something already reported (an alias, a tag, a key that is a list): nothing more is said about it.</summary>
internal sealed class YamlBroken(Mark mark) : YamlNode(mark)
{
    public override string Given => "something that cannot be read";
}

internal sealed class YamlList(Mark mark, List<YamlNode> items) : YamlNode(mark)
{
    public List<YamlNode> Items { get; } = items;

    public override string Given => "a list";
}
