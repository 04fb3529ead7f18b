using YamlDotNet.Core;

namespace StreamInsight.Definitions.Yaml;

/// <summary>What to do about a fault of YAML itself, guessed from the line it stands on.</summary>
internal static class YamlAdvice
{
    public static string For(string text, YamlException e)
    {
        var line = LineAt(text, (int)Math.Clamp(e.Start.Index, 0, text.Length));
        var rest = text.AsSpan((int)Math.Clamp(e.Start.Index, 0, text.Length)).TrimStart();
        if (rest.StartsWith("*"))
            return "A star must stand in quotes: \"*\"";
        if (line.Contains('\t') || e.Message.Contains("tab", StringComparison.Ordinal))
            return "Indent with spaces; a tab is not allowed there";
        return "A text that contains \": \" or \" #\", or that holds one of , [ ] { } inside { }, must stand in quotes: when: \"a ? b : c\"";
    }

    private static ReadOnlySpan<char> LineAt(string text, int index)
    {
        var start = index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;
        var end = text.IndexOf('\n', index);
        return text.AsSpan(start, (end < 0 ? text.Length : end) - start);
    }
}
