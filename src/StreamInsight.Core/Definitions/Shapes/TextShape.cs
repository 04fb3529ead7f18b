using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A text that matches a pattern.</summary>
internal sealed class TextShape(string allowed, string pattern, int maxLength) : Shape
{
    private readonly Regex _pattern = new(pattern.Replace("$", "\\z"), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>A further rule that a pattern cannot say: null if the text is good, else what is wrong. Not in the schema.</summary>
    public Func<string, string?>? Problem { get; init; }

    public override string Allowed => allowed;

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is YamlText { Kind: YamlKind.Bool or YamlKind.Int or YamlKind.Float } other)
            faults.Add(node.Mark, $"{path}: {other.Given} is given where a text must stand; put it in quotes if it is meant");
        else if (node is not YamlText text || text.IsNull || !_pattern.IsMatch(text.Text))
            Refuse(node, path, faults);
        else if (text.Text.Length > maxLength)
            faults.Add(node.Mark, $"{path}: {text.Text.Length} characters are given; allowed are {maxLength}");
        else if (Problem?.Invoke(text.Text) is { } problem)
            faults.Add(node.Mark, $"{path}: {Faults.Quote(text.Text)} {problem}");
    }

    public override JsonObject Schema(SchemaDefs defs) => new() { ["type"] = "string", ["pattern"] = pattern, ["maxLength"] = maxLength };
}
