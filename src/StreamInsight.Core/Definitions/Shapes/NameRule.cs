using System.Text.RegularExpressions;

namespace StreamInsight.Definitions.Shapes;

/// <summary>Which names an author may choose. All are identifiers of CEL, so that expressions can say them.</summary>
internal sealed partial class NameRule
{
    private static readonly string[] Keywords = ["false", "in", "null", "true"];

    private static readonly string[] ReservedByCel =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace", "package", "return", "var", "void", "while"];

    private NameRule(params string[] own) => Reserved = [.. Keywords, .. ReservedByCel, .. own];

    /// <summary>Segments, stages, traits, properties, triggers, subscribers.</summary>
    public static NameRule Common { get; } = new();

    /// <summary>Feature names stand alone inside <c>features:</c>, so they may not hide what else is in scope there.</summary>
    public static NameRule Feature { get; } = new("event", "features", "journey", "math", "now", "scores", "segments", "traits");

    /// <summary>Short names of events; the names of the other calls are taken.</summary>
    public static NameRule Event { get; } = new("alias", "group", "identify", "page", "screen");

    /// <summary>Subscribers; the names of the built-in sinks are taken.</summary>
    public static NameRule Subscriber { get; } = new("kafka", "redis");

    public string Pattern => "^[A-Za-z_][A-Za-z0-9_]*$";

    public int MaxLength => 64;

    public IReadOnlyList<string> Reserved { get; }

    /// <summary>Null if the name may be used; else what is wrong with it, to stand after the quoted name.</summary>
    public string? Problem(string name)
    {
        if (name.Length > MaxLength)
            return $"is no name: {name.Length} characters, allowed are {MaxLength}";
        if (!Identifier().IsMatch(name))
            return "is no name: allowed are letters a–z A–Z, digits and _, not beginning with a digit";
        if (Keywords.Contains(name) || ReservedByCel.Contains(name))
            return "is a reserved word of the expression language; choose another name";
        return Reserved.Contains(name) ? "has a meaning of its own here; choose another name" : null;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();
}
