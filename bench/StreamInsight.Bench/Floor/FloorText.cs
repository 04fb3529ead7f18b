namespace StreamInsight.Bench.Floor;

/// <summary>Pieces of W's texts, read without any doubt about their form.</summary>
internal static class FloorText
{
    /// <summary>Up to eight bytes as a number.</summary>
    public static ulong Pack(ReadOnlySpan<byte> id)
    {
        ulong packed = 0;
        foreach (byte b in id)
            packed = (packed << 8) | b;
        return packed;
    }

    /// <summary>All channels differ in their first byte and length.</summary>
    public static byte Channel(ReadOnlySpan<byte> channel) => channel[0] switch
    {
        (byte)'w' => 0,
        (byte)'m' => 1,
        (byte)'e' => 2,
        (byte)'s' => 3,
        _ => (byte)(channel.Length == 4 ? 5 : 4),
    };

    /// <summary><c>2026-09-21T14:13:20.000Z</c>.</summary>
    public static long Time(ReadOnlySpan<byte> t)
    {
        int year = (Two(t, 0) * 100) + Two(t, 2), month = Two(t, 5);
        int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
        long days = (y * 365) + (y / 4) - (y / 100) + (y / 400) + (((m * 153) + 2) / 5) + Two(t, 8) - 1 - 719_468;
        long seconds = (((((days * 24) + Two(t, 11)) * 60) + Two(t, 14)) * 60) + Two(t, 17);
        return (seconds * 1000) + ((t[20] - '0') * 100) + Two(t, 21);
    }

    /// <summary>Digits with at most two decimals.</summary>
    public static double Decimal(ReadOnlySpan<byte> text, out int length)
    {
        long digits = 0;
        int decimals = -1, at = 0;
        for (; ; at++)
        {
            uint digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                if (decimals >= 0)
                    decimals++;
            }
            else if (text[at] == '.')
            {
                decimals = 0;
            }
            else
            {
                break;
            }
        }

        length = at;
        return decimals <= 0 ? digits : decimals == 1 ? digits / 10.0 : digits / 100.0;
    }

    private static int Two(ReadOnlySpan<byte> text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';
}
