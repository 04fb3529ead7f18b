namespace StreamInsight.Events;

/// <summary>Timestamps as messages and command lines write them: <c>YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)</c>, years 1 – 9999.</summary>
public static class IsoTime
{
    /// <summary>From March 1 of year 0 to 1970.</summary>
    private const int DaysTo1970 = 719_468;

    /// <summary>UTC milliseconds since 1970; finer digits are cut off. False = any other form, or a day or time that does not exist.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        int century = Two(text, 0), year = (century * 100) + Two(text, 2), month = Two(text, 5), day = Two(text, 8);
        int hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if ((century | year | month | day | hour | minute | second) < 0 || year < 1 || hour > 23 || minute > 59 || second > 59)
            return false;
        if ((uint)(month - 1) > 11 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;

        int at = 19, fraction = 0;
        if (text[at] == '.')
        {
            at++;
            int scale = 100, start = at;
            for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
            {
                fraction += (text[at] - '0') * scale;
                scale /= 10;
            }

            if (at == start)
                return false;
        }

        if (!TryOffset(text[at..], out int offsetMinutes))
            return false;
        long days = Days(year, month, day);
        milliseconds = ((((((days * 24) + hour) * 60) + minute - offsetMinutes) * 60) + second) * 1000 + fraction;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
            return text[0] == 'Z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;
        int hour = Two(text, 1), minute = Two(text, 4);
        if ((hour | minute) < 0 || hour > 23 || minute > 59)
            return false;
        minutes = (hour * 60) + minute;
        if (text[0] == '-')
            minutes = -minutes;
        return true;
    }

    /// <summary>Two digits as a number; far below zero if they are none.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        uint tens = (uint)(text[at] - '0'), ones = (uint)(text[at + 1] - '0');
        return tens <= 9 && ones <= 9 ? (int)((tens * 10) + ones) : int.MinValue / 200;
    }

    /// <summary>Days since 1970 in the proleptic Gregorian calendar.</summary>
    private static int Days(int year, int month, int day)
    {
        // Years that begin in March put the leap day last.
        int y = month <= 2 ? year - 1 : year;
        int m = month <= 2 ? month + 9 : month - 3;
        return (y * 365) + (y / 4) - (y / 100) + (y / 400) + (((m * 153) + 2) / 5) + day - 1 - DaysTo1970;
    }
}
