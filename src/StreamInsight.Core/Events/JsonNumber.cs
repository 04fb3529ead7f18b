using System.Buffers.Text;

namespace StreamInsight.Events;

/// <summary>Numbers from JSON texts that <see cref="JsonScan"/> has accepted.</summary>
internal static class JsonNumber
{
    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>The whole number a text means: 9, 9.0 and 90e-1 are, 7.5 is not. False = not whole, or beyond 64 bits.</summary>
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var number = new DecimalParts(text);
        int digits = number.Significant;
        if (digits == 0)
            return true;
        long zeros = number.Exponent;
        if (zeros < 0 || zeros + digits > 19)
            return false;

        ulong magnitude = 0;
        foreach (byte b in text[number.FirstSignificant..])
        {
            if (b == '.')
                continue;
            magnitude = (magnitude * 10) + (uint)(b - '0');
            if (--digits == 0)
                break;
        }

        for (; zeros > 0; zeros--)
            magnitude *= 10;
        if (magnitude > (number.IsNegative ? 1UL << 63 : long.MaxValue))
            return false;
        value = number.IsNegative ? -(long)magnitude : (long)magnitude;
        return true;
    }

    /// <summary>The nearest double; beyond the greatest it is infinite.</summary>
    public static double ToDouble(ReadOnlySpan<byte> text)
    {
        if (TryExactDouble(text, out double exact))
            return exact;
        Utf8Parser.TryParse(text, out double value, out _);
        return value;
    }

    /// <summary>Short decimals: both the digits and the power of ten are exact as doubles, so one division is correctly rounded.</summary>
    private static bool TryExactDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        ulong digits = 0;
        int at = 0, decimals = 0;
        bool negative = text[0] == '-', fraction = false;
        if (negative)
            at++;
        if (text.Length - at > 16)
            return false;
        for (; at < text.Length; at++)
        {
            uint digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                if (fraction)
                    decimals++;
            }
            else if (text[at] == '.')
            {
                fraction = true;
            }
            else
            {
                return false;
            }
        }

        if (digits > 1UL << 53)
            return false;
        value = digits / PowersOfTen[decimals];
        if (negative)
            value = -value;
        return true;
    }
}
