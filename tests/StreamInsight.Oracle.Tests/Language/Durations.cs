using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamInsight.Oracle.Language;

/// <summary>Durations as written: <c>90s</c>, <c>1h30m</c>, <c>7d</c>, <c>2w</c>.</summary>
public static partial class Durations
{
    [GeneratedRegex(@"^([+-]?)((\d+(?:\.\d+)?)(ms|s|m|h|d|w))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")]
    private static partial Regex Part();

    public static long? Parse(string text)
    {
        if (text is "0") return 0;
        if (!Whole().IsMatch(text)) return null;
        var sum = 0m;
        foreach (Match part in Part().Matches(text))
            sum += decimal.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * UnitMs(part.Groups[2].Value);
        return (long)(text[0] == '-' ? -sum : sum);
    }

    /// <summary>As CEL's string() writes it: seconds, with a fraction where there is one.</summary>
    public static string Text(long ms)
    {
        var size = (decimal)ms / 1000m;
        return size.ToString("0.###", CultureInfo.InvariantCulture) + "s";
    }

    private static long UnitMs(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 604_800_000,
    };
}
