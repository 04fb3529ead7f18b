using System.Text.RegularExpressions;

namespace StreamInsight.Expressions.Patterns;

/// <summary>A regular expression in RE2's syntax, run by .NET's linear-time engine. Immutable, shared by threads.</summary>
internal sealed class Pattern
{
    /// <summary>What compiling a pattern during an evaluation costs.</summary>
    public const int CompileSteps = 20_000;

    private readonly Regex _regex;
    private readonly int _size;

    private Pattern(Regex regex, int size)
    {
        _regex = regex;
        _size = size;
    }

    /// <summary>Null, with the error, if the pattern is not one of RE2's.</summary>
    public static Pattern? Compile(string pattern, out Value error)
    {
        error = default;
        try
        {
            var translated = PatternTranslator.Translate(pattern, out var size);
            return new Pattern(new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), size);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
        {
            error = Value.Error($"bad pattern: {fault.Message}");
            return null;
        }
    }

    /// <summary>Whether the pattern occurs anywhere in the text. Bounded like everything: a long text against a large pattern may be refused.</summary>
    public Value IsMatch(EvalContext context, string text)
    {
        var steps = 1 + ((long)text.Length * (4 + _size) / 2);
        return context.Spend((int)Math.Min(steps, int.MaxValue)) ? Value.Bool(_regex.IsMatch(text)) : Errors.TooCostly;
    }
}
