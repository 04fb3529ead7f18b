namespace StreamInsight.Facts;

/// <summary>Instants as <c>2026-03-01T12:00:00.000Z</c>. Years outside 0 – 9999 get a sign and six digits, as ECMAScript's <c>toISOString</c> writes them.</summary>
public static class InstantText
{
    public const int MaxLength = 27;

    private const long DayMs = 86_400_000;

    /// <summary>The text of an instant in UTC milliseconds.</summary>
    public static string Of(long milliseconds)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..Write(milliseconds, text)]);
    }

    /// <summary>Writes at most <see cref="MaxLength"/> bytes; returns how many.</summary>
    public static int Write(long milliseconds, Span<byte> text)
    {
        long days = Math.DivRem(milliseconds, DayMs, out long inDay);
        if (inDay < 0)
        {
            days--;
            inDay += DayMs;
        }

        var (year, month, day) = Civil(days);
        int at = 0;
        if (year is < 0 or > 9999)
        {
            text[at++] = (byte)(year < 0 ? '-' : '+');
            Digits(text, ref at, Math.Abs(year), 6);
        }
        else
        {
            Digits(text, ref at, year, 4);
        }

        text[at++] = (byte)'-';
        Digits(text, ref at, month, 2);
        text[at++] = (byte)'-';
        Digits(text, ref at, day, 2);
        text[at++] = (byte)'T';
        Digits(text, ref at, inDay / 3_600_000, 2);
        text[at++] = (byte)':';
        Digits(text, ref at, inDay / 60_000 % 60, 2);
        text[at++] = (byte)':';
        Digits(text, ref at, inDay / 1000 % 60, 2);
        text[at++] = (byte)'.';
        Digits(text, ref at, inDay % 1000, 3);
        text[at++] = (byte)'Z';
        return at;
    }

    private static void Digits(Span<byte> text, ref int at, long number, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            text[at + i] = (byte)('0' + (number % 10));
            number /= 10;
        }

        at += count;
    }

    /// <summary>Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.</summary>
    private static (long Year, int Month, int Day) Civil(long days)
    {
        days += 719_468;
        long era = (days >= 0 ? days : days - 146_096) / 146_097;
        long ofEra = days - (era * 146_097);
        long yearOfEra = (ofEra - (ofEra / 1460) + (ofEra / 36_524) - (ofEra / 146_096)) / 365;
        long ofYear = ofEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long march = ((5 * ofYear) + 2) / 153;
        int day = (int)(ofYear - (((153 * march) + 2) / 5) + 1);
        int month = (int)(march < 10 ? march + 3 : march - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, day);
    }
}
