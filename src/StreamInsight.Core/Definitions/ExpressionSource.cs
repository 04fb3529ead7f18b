namespace StreamInsight.Definitions;

/// <summary>A CEL source text and where it stands.</summary>
public sealed record ExpressionSource(string Text, Mark Mark)
{
    /// <summary>The scalar as it stands in the file, quotes and escapes included, if it stands on one line; null otherwise.</summary>
    public string? Raw { get; init; }

    /// <summary>
    /// Where the character at <paramref name="offset"/> (from 0, in code points) of <see cref="Text"/> stands in the file. Exact for plain and quoted scalars on
    /// one line; the start of the scalar otherwise.
    /// </summary>
    public Mark At(int offset)
    {
        if (string.IsNullOrEmpty(Raw) || offset < 0)
            return Mark;
        var quote = Raw[0] is '"' or '\'' ? Raw[0] : '\0';
        var at = quote == '\0' ? 0 : 1;
        for (; offset > 0 && at < Raw.Length; offset--)
            at += LengthAt(Raw, at, quote);
        return Mark with { Column = Mark.Column + Math.Min(at, Raw.Length) };
    }

    /// <summary>The same for a line and column (from 1) within <see cref="Text"/>.</summary>
    public Mark At(int line, int column) => line == 1 ? At(column - 1) : Mark;

    /// <summary>How many places of a scalar the character at <paramref name="at"/> takes: escapes take several, and so do pairs of surrogates, as editors count.</summary>
    private static int LengthAt(string raw, int at, char quote)
    {
        if (quote == '\'' && raw[at] == '\'')
            return 2;
        if (quote == '"' && raw[at] == '\\' && at + 1 < raw.Length)
            return raw[at + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
        return char.IsHighSurrogate(raw[at]) && at + 1 < raw.Length ? 2 : 1;
    }
}
