using System.Globalization;
using System.Text;
using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary>Timestamps and durations as text: RFC 3339, and Go's durations with d and w added.</summary>
internal static class TimeText
{
    private const long MsPerDay = 86_400_000;

    private static readonly Value BadTimestamp = Value.Error("a timestamp is written like 2026-01-31T09:30:00Z");
    private static readonly Value BadDuration = Value.Error("a duration is written like 1h30m, 2d or 500ms");

    /// <summary>Longest unit names first, so that ms is not read as m.</summary>
    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ];

    /// <summary>A timestamp value, or the error of its text or range. Digits beyond nanoseconds are cut off.</summary>
    public static Value ParseTimestamp(string text)
    {
        // 0123456789012345678 9…
        // YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)
        if (text.Length > 11 && text[4] != '-' && char.IsAsciiDigit(text[4]) && text.IndexOf('-') is > 4 and var dash && text.AsSpan(0, dash).ContainsAnyExceptInRange('0', '9') is false)
            return Errors.TimestampRange;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':'
            || !Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day)
            || !Digits(text, 11, 2, out var hour) || !Digits(text, 14, 2, out var minute) || !Digits(text, 17, 2, out var second)
            || month is < 1 or > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
            return BadTimestamp;
        var at = 19;
        var fraction = 0L;
        if (text[at] == '.')
        {
            var digits = 0;
            for (at++; at < text.Length && char.IsAsciiDigit(text[at]); at++, digits++)
                if (digits < 9)
                    fraction = (fraction * 10) + (text[at] - '0');
            if (digits == 0)
                return BadTimestamp;
            for (; digits < 9; digits++)
                fraction *= 10;
        }
        if (!Offset(text.AsSpan(at), out var offsetMs))
            return BadTimestamp;
        if (year < 1)
            return Errors.TimestampRange;
        if (day > DateTime.DaysInMonth(year, month))
            return BadTimestamp;
        var ms = (Civil.DaysSince1970(year, month, day) * MsPerDay) + (((((hour * 60L) + minute) * 60) + second) * 1000) - offsetMs;
        return Arithmetic.Timestamp(ms + (fraction / 1_000_000), (int)(fraction % 1_000_000));
    }

    /// <summary>A duration value, or the error of its text or range: a sign, then numbers with units, parts of a nanosecond cut off.</summary>
    public static Value ParseDuration(string text)
    {
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith("-");
        if (isNegative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest is "0")
            return Value.DurationMs(0);
        if (rest.IsEmpty || text.Length > 100)
            return BadDuration;
        Int128 total = 0;
        while (!rest.IsEmpty)
        {
            var whole = rest.IndexOfAnyExceptInRange('0', '9');
            if (whole < 0)
                return BadDuration;
            var end = whole;
            if (rest[end] == '.')
            {
                end++;
                while (end < rest.Length && char.IsAsciiDigit(rest[end]))
                    end++;
            }
            if (end == 0 || rest[..end] is ".")
                return BadDuration;
            var unit = Array.FindIndex(Units, Starts(rest[end..]));
            if (unit < 0)
                return BadDuration;
            if (whole > 19)
                return Errors.DurationRange;
            total += Amount(rest[..whole], rest[Math.Min(whole + 1, end)..end], Units[unit].Nanoseconds);
            if (total > (Int128)ulong.MaxValue)
                return Errors.DurationRange;
            rest = rest[(end + Units[unit].Name.Length)..];
        }
        return FromNanoseconds(isNegative ? -total : total);
    }

    /// <summary>CEL's string(timestamp): as few digits of a second as it takes.</summary>
    public static string FormatTimestamp(in Value timestamp) => FormatTimestamp(timestamp, isGrouped: false);

    /// <summary>CEL's string(duration): seconds, as few digits as it takes: 5400s, 0.25s.</summary>
    public static string FormatDuration(in Value duration) => FormatDuration(duration, isGrouped: false);

    /// <summary>As protobuf's JSON writes it if grouped: digits of a second in threes.</summary>
    public static string FormatTimestamp(in Value timestamp, bool isGrouped)
    {
        var days = Math.DivRem(timestamp.Bits, MsPerDay, out var ms);
        if (ms < 0)
        {
            ms += MsPerDay;
            days--;
        }
        var (year, month, day) = Civil.DateOf(days);
        var text = new StringBuilder(30);
        text.Append(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}T{ms / 3_600_000:D2}:{ms / 60_000 % 60:D2}:{ms / 1000 % 60:D2}");
        AppendFraction(text, (ms % 1000 * 1_000_000) + timestamp.Nanoseconds, isGrouped);
        return text.Append('Z').ToString();
    }

    public static string FormatDuration(in Value duration, bool isGrouped)
    {
        var total = ((Int128)duration.Bits * 1_000_000) + duration.Nanoseconds;
        var text = new StringBuilder(24);
        if (total < 0)
        {
            text.Append('-');
            total = -total;
        }
        text.Append(CultureInfo.InvariantCulture, $"{(long)(total / 1_000_000_000)}");
        AppendFraction(text, (long)(total % 1_000_000_000), isGrouped);
        return text.Append('s').ToString();
    }

    private static void AppendFraction(StringBuilder text, long nanoseconds, bool isGrouped)
    {
        if (nanoseconds == 0)
            return;
        var digits = nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        text.Append('.').Append(isGrouped ? digits.PadRight((digits.Length + 2) / 3 * 3, '0') : digits);
    }

    private static Value FromNanoseconds(Int128 nanoseconds)
    {
        var (ms, rest) = Int128.DivRem(nanoseconds, 1_000_000);
        if (ms > Arithmetic.MaxDurationMs + 1 || ms < Arithmetic.MinDurationMs - 1)
            return Errors.DurationRange;
        return Arithmetic.Duration((long)ms, (int)rest);
    }

    private static Int128 Amount(ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction, long unit) =>
        ((whole.IsEmpty ? 0 : Int128.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture)) * unit) + FractionOf(fraction, unit);

    private static Int128 FractionOf(ReadOnlySpan<char> digits, long unit)
    {
        if (digits.Length > 18)
            digits = digits[..18];
        Int128 numerator = 0;
        Int128 denominator = 1;
        foreach (var digit in digits)
        {
            numerator = (numerator * 10) + (digit - '0');
            denominator *= 10;
        }
        return numerator * unit / denominator;
    }

    private static Predicate<(string Name, long Nanoseconds)> Starts(ReadOnlySpan<char> rest)
    {
        var text = rest.Length > 2 ? rest[..2].ToString() : rest.ToString();
        return unit => text.StartsWith(unit.Name, StringComparison.Ordinal);
    }

    private static bool Offset(ReadOnlySpan<char> text, out long offsetMs)
    {
        offsetMs = 0;
        if (text is "Z" or "z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !Digits(text, 1, 2, out var hours) || !Digits(text, 4, 2, out var minutes) || hours > 23 || minutes > 59)
            return false;
        offsetMs = ((hours * 60L) + minutes) * (text[0] == '-' ? -60_000 : 60_000);
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, int at, int count, out int value)
    {
        value = 0;
        for (var i = at; i < at + count; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                return false;
            value = (value * 10) + (text[i] - '0');
        }
        return true;
    }
}
