using System.Text.RegularExpressions;

namespace StreamInsight.Definitions.Yaml;

/// <summary>What a plain scalar is by YAML 1.2's core schema. A quoted one is always text: <c>yes no on off</c> are text either way.</summary>
internal enum YamlKind : byte
{
    Text,
    Null,
    Bool,
    Int,
    Float,
}

/// <summary>A scalar. <paramref name="raw"/> = as it stands in the file, if on one line.</summary>
internal sealed partial class YamlText(Mark mark, string text, bool isPlain, string? raw) : YamlNode(mark)
{
    public string Text { get; } = text;

    public string? Raw { get; } = raw;

    public YamlKind Kind { get; } = isPlain ? KindOf(text) : YamlKind.Text;

    public bool IsNull => Kind == YamlKind.Null;

    public override string Given => Kind switch
    {
        YamlKind.Null => "nothing",
        YamlKind.Bool => $"the truth value {Text}",
        YamlKind.Int or YamlKind.Float => $"the number {Faults.Short(Text)}",
        _ => Faults.Quote(Text),
    };

    private static YamlKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlKind.Bool,
        _ when text.Length > 40 => YamlKind.Text,
        _ when Int().IsMatch(text) => YamlKind.Int,
        _ when Float().IsMatch(text) => YamlKind.Float,
        _ => YamlKind.Text,
    };

    [GeneratedRegex(@"\A(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z")]
    private static partial Regex Int();

    [GeneratedRegex(@"\A(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex Float();
}
