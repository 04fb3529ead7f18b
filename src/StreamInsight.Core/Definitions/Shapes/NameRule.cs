using System.Text.RegularExpressions;

namespace StreamInsight.Definitions.Shapes;

/// <summary>Which names an author may choose. All are identifiers of CEL, so that expressions can say them.</summary>
internal sealed partial class NameRule
{
    private static readonly string[] Keywords = ["false", "in", "null", "true"];

    private static readonly string[] ReservedByCel =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace", "package", "return", "var", "void", "while"];

    private NameRule(params string[] own) => Reserved = [.. Keywords, .. own];

    /// <summary>Traits and properties: their names are given by others, and are only ever said after a dot, where CEL reserves no more.</summary>
    public static NameRule Property { get; } = new();

    /// <summary>Segments, stages, triggers.</summary>
    public static NameRule Common { get; } = new(ReservedByCel);

    /// <summary>Feature names stand alone inside <c>features:</c>, so they may not hide what else is in scope there.</summary>
    public static NameRule Feature { get; } = new([.. ReservedByCel, "event", "features", "journey", "math", "now", "scores", "segments", "traits"]);

    /// <summary>Short names of events; the calls that are no interactions have theirs taken. <c>page</c> and <c>screen</c> may be declared.</summary>
    public static NameRule Event { get; } = new([.. ReservedByCel, "alias", "group", "identify"]);

    /// <summary>Subscribers; the names of the built-in sinks are taken.</summary>
    public static NameRule Subscriber { get; } = new([.. ReservedByCel, "kafka", "redis"]);

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
        if (!Reserved.Contains(name))
            return null;
        var isWordOfCel = Keywords.Contains(name) || ReservedByCel.Contains(name);
        return isWordOfCel ? "is a reserved word of the expression language (CEL); choose another name" : "has a meaning of its own here; choose another name";
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();
}
