using System.Text.RegularExpressions;

namespace StreamInsight.Expressions.Library;

/// <summary>Regular expressions in RE2's syntax, run by .NET's linear-time engine.</summary>
internal static class Patterns
{
    /// <summary>What compiling a pattern during evaluation costs.</summary>
    public const int CompileSteps = 20_000;

    /// <summary>Null, with the error, if the pattern is not one of RE2's.</summary>
    public static Regex? Compile(string pattern, out Value error)
    {
        error = default;
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            error = Value.Error($"bad pattern: {fault.Message}");
            return null;
        }
    }
}
