namespace StreamInsight.Definitions;

/// <summary>A CEL source text and where it stands.</summary>
public sealed record ExpressionSource(string Text, Mark Mark)
{
    /// <summary>The scalar as it stands in the file, quotes and escapes included, if it stands on one line; null otherwise.</summary>
    public string? Raw { get; init; }

    /// <summary>
    /// Where the character at <paramref name="offset"/> (from 0) of <see cref="Text"/> stands in the file. Exact for plain and quoted scalars on one
    /// line; the start of the scalar otherwise.
    /// </summary>
    public Mark At(int offset)
    {
        if (Raw is null || Raw.Length == 0 || offset < 0)
            return Mark;
        var at = Raw[0] switch
        {
            '"' => InDoubleQuotes(Raw, offset),
            '\'' => InSingleQuotes(Raw, offset),
            _ => offset,
        };
        return Mark with { Column = Mark.Column + Math.Min(at, Raw.Length) };
    }

    /// <summary>The same for a line and column (from 1) within <see cref="Text"/>.</summary>
    public Mark At(int line, int column) => line == 1 ? At(column - 1) : Mark;

    private static int InSingleQuotes(string raw, int offset)
    {
        var at = 1;
        for (; offset > 0 && at < raw.Length; offset--)
            at += raw[at] == '\'' ? 2 : 1;
        return at;
    }

    private static int InDoubleQuotes(string raw, int offset)
    {
        var at = 1;
        for (; offset > 0 && at < raw.Length; offset--)
        {
            if (raw[at] != '\\' || at + 1 == raw.Length)
            {
                at++;
                continue;
            }
            at += raw[at + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
        }
        return at;
    }
}
