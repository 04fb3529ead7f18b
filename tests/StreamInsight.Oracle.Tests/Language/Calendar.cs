using System.Globalization;

namespace StreamInsight.Oracle.Language;

/// <summary>Calendar fields of an instant in a zone: an IANA name or an offset such as <c>+02:00</c>.</summary>
public static class Calendar
{
    public static object Part(string name, long ms, string zone)
    {
        if (Local(ms, zone) is not { } t) return Values.Error("no such zone");
        return name switch
        {
            "getFullYear" => (long)t.Year,
            "getMonth" => t.Month - 1L,
            "getDate" => (long)t.Day,
            "getDayOfMonth" => t.Day - 1L,
            "getDayOfWeek" => (long)t.DayOfWeek,
            "getDayOfYear" => t.DayOfYear - 1L,
            "getHours" => (long)t.Hour,
            "getMinutes" => (long)t.Minute,
            "getSeconds" => (long)t.Second,
            "getMilliseconds" => (long)t.Millisecond,
            _ => Values.Error("no such overload"),
        };
    }

    private static DateTime? Local(long ms, string zone)
    {
        var utc = DateTime.UnixEpoch.AddMilliseconds(ms);
        if (zone.Length == 6 && zone[0] is '+' or '-')
        {
            var offset = TimeSpan.ParseExact(zone[1..], @"hh\:mm", CultureInfo.InvariantCulture);
            return zone[0] == '-' ? utc - offset : utc + offset;
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTimeFromUtc(utc, found) : null;
    }
}
