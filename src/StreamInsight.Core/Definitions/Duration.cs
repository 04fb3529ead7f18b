using System.Globalization;
using System.Text;

namespace StreamInsight.Definitions;

/// <summary>
/// Spans of time as the model writes them: whole numbers with the units <c>ms s m h d w</c>, also joined (<c>1h30m</c>). A day is 24 hours, a week
/// seven days. No sign, no fraction; a bare <c>0</c> is allowed.
/// </summary>
public static class Duration
{
    private static readonly (string Name, long Ms)[] Units =
        [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Reads a span in milliseconds. False (and 0) if the text is none, or if it does not fit into a long.</summary>
    public static bool TryParse(string text, out long ms)
    {
        ms = 0;
        if (text == "0")
            return true;
        var at = 0;
        var total = 0L;
        while (at < text.Length)
        {
            if (!TryNumber(text, ref at, out var number) || !TryUnit(text, ref at, out var unit))
                return false;
            if (number > (long.MaxValue - total) / unit)
                return false;
            total += number * unit;
        }
        ms = total;
        return text.Length > 0;
    }

    /// <summary>The shortest way to write a span that <see cref="TryParse"/> reads back as the same; <c>0s</c> for none.</summary>
    public static string Format(long ms)
    {
        if (ms == 0)
            return "0s";
        var text = new StringBuilder();
        foreach (var (name, unit) in Units)
        {
            if (unit == 604_800_000 && ms % unit != 0)
                continue; // 10d reads better than 1w3d
            if (ms / unit > 0)
                text.Append((ms / unit).ToString(CultureInfo.InvariantCulture)).Append(name);
            ms %= unit;
        }
        return text.ToString();
    }

    private static bool TryNumber(string text, ref int at, out long number)
    {
        number = 0;
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var digit = text[at] - '0';
            if (number > (long.MaxValue - digit) / 10)
                return false;
            number = number * 10 + digit;
            at++;
        }
        return at > start;
    }

    private static bool TryUnit(string text, ref int at, out long unit)
    {
        unit = 0;
        var start = at;
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;
        var name = text.AsSpan(start, at - start);
        foreach (var (candidate, ms) in Units)
            if (name.SequenceEqual(candidate))
                unit = ms;
        return unit > 0;
    }
}
