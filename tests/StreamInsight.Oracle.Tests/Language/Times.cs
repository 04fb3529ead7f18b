using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamInsight.Oracle.Language;

/// <summary>Times as the wire has them: <c>YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)</c>.</summary>
public static partial class Times
{
    [GeneratedRegex(@"\A([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))\z")]
    private static partial Regex Form();

    /// <summary>UTC milliseconds, finer digits cut off; null where the text is not of the form.</summary>
    public static long? Parse(string text)
    {
        var m = Form().Match(text);
        if (!m.Success) return null;
        int N(int group) => int.Parse(m.Groups[group].Value, CultureInfo.InvariantCulture);
        int year = N(1), month = N(2), day = N(3), hour = N(4), minute = N(5), second = N(6);
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        if (hour > 23 || minute > 59 || second > 59) return null;
        var fraction = m.Groups[7].Success ? int.Parse((m.Groups[7].Value + "00")[..3], CultureInfo.InvariantCulture) : 0;
        var ms = (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond + fraction;
        if (m.Groups[8].Success) return ms;
        int offsetHour = N(10), offsetMinute = N(11);
        if (offsetHour > 23 || offsetMinute > 59) return null;
        var offset = (offsetHour * 60 + offsetMinute) * 60_000L;
        return m.Groups[9].Value == "-" ? ms + offset : ms - offset;
    }

    /// <summary>Always with three digits of milliseconds and a Z.</summary>
    public static string Text(long ms) => DateTime.UnixEpoch.AddTicks(ms * TimeSpan.TicksPerMillisecond)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
