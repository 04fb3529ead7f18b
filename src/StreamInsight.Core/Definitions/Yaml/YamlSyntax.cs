using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace StreamInsight.Definitions.Yaml;

/// <summary>Says where a fault of YAML itself is and what to do about it, guessed from the line it stands on.</summary>
internal static partial class YamlSyntax
{
    public static Mark MarkOf(YamlDotNet.Core.Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    public static (Mark Mark, string Message) Describe(string text, YamlException e)
    {
        var from = (int)Math.Clamp(e.Start.Index, 0, text.Length);
        var message = $"this is not valid YAML: {Reason(e)}. {Advice(text, from, e)}";
        var mark = Tells(e, "tab") && IndentingTab(text, from) is { } tab ? tab : MarkOf(e.Start);
        return (mark, message);
    }

    /// <summary>
    /// Takes the value of a line out of the text, keeping its key, so that the lines after it can be read. False if a tab stands in the line's indentation: then
    /// where the line belongs is unknown, and so is where the rest does.
    /// </summary>
    public static bool TryLeaveOut(ref string text, int line)
    {
        var start = 0;
        for (var i = 1; i < line; i++)
        {
            var feed = text.IndexOf('\n', start);
            if (feed < 0)
                return false;
            start = feed + 1;
        }
        var end = text.IndexOf('\n', start);
        var old = text[start..(end < 0 ? text.Length : end)];
        if (old.AsSpan().TrimStart(' ').StartsWith("\t"))
            return false;
        var key = Key().Match(old);
        var kept = key.Success ? $"{key.Value} *{YamlTree.LeftOut}" : "";
        text = string.Concat(text.AsSpan(0, start), kept, text.AsSpan(start + old.Length));
        return true;
    }

    [GeneratedRegex(@"\A(?: *(?:- +)?[A-Za-z0-9_]+:(?= )| *-(?= ))")]
    private static partial Regex Key();

    private static string Reason(YamlException e)
    {
        var text = e.Message.TrimEnd('.');
        return text.Length == 0 ? "it cannot be parsed" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private static string Advice(string text, int from, YamlException e)
    {
        if (text.AsSpan(from).TrimStart().StartsWith("*"))
            return "A star must stand in quotes: \"*\"";
        if (Tells(e, "tab"))
            return "Indent with spaces; a tab is not allowed there";
        return "A text that contains \": \" or \" #\", or that holds one of , [ ] { } inside { }, must stand in quotes: when: \"a ? b : c\"";
    }

    private static bool Tells(YamlException e, string word) => e.Message.Contains(word, StringComparison.Ordinal);

    /// <summary>The first tab within the indentation of a line, from the line of <paramref name="from"/> on: the parser notices it only later or earlier.</summary>
    private static Mark? IndentingTab(string text, int from)
    {
        var line = 1 + text.AsSpan(0, from).Count('\n');
        var start = from == 0 ? 0 : text.LastIndexOf('\n', from - 1) + 1;
        while (start < text.Length)
        {
            var indent = text.AsSpan(start).IndexOfAnyExcept(' ');
            if (indent >= 0 && text[start + indent] == '\t')
                return new Mark(line, indent + 1);
            var end = text.IndexOf('\n', start);
            if (end < 0)
                return null;
            (line, start) = (line + 1, end + 1);
        }
        return null;
    }
}
