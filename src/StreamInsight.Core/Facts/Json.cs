using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace StreamInsight.Facts;

/// <summary>JSON exactly as ECMAScript's <c>JSON.stringify</c> writes it, as UTF-8.</summary>
public static class Json
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Text as it stands: punctuation, keys, JSON that is valid already.</summary>
    public static void WriteRaw(IBufferWriter<byte> output, ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>A quoted string. Surrogates without a partner are escaped.</summary>
    public static void WriteString(IBufferWriter<byte> output, string text)
    {
        Span<byte> small = stackalloc byte[256];
        if (text.Length <= small.Length / 3 && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            output.Write("\""u8);
            WriteEscaped(output, small[..Encoding.UTF8.GetBytes(text, small)]);
            output.Write("\""u8);
            return;
        }

        output.Write("\""u8);
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !IsLoneSurrogate(text, i))
                continue;
            WriteEscaped(output, Encoding.UTF8.GetBytes(text[start..i]));
            if (i < text.Length)
                output.Write(Encoding.UTF8.GetBytes($"\\u{(int)text[i]:x4}"));
            start = i + 1;
        }

        output.Write("\""u8);
    }

    /// <summary>A quoted string from unescaped UTF-8; what is not UTF-8 becomes U+FFFD.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        WriteEscaped(output, System.Text.Unicode.Utf8.IsValid(utf8) ? utf8 : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8)));
        output.Write("\""u8);
    }

    /// <summary>The shortest digits that read back the same, in ECMAScript's notation; non-finite = null.</summary>
    public static void WriteDouble(IBufferWriter<byte> output, double value)
    {
        if (!double.IsFinite(value))
        {
            output.Write("null"u8);
            return;
        }

        if (value < 0)
            output.Write("-"u8);

        // "E16" would give more digits than are needed; "R" gives the shortest, but in another notation.
        Span<byte> shortest = stackalloc byte[32];
        Math.Abs(value).TryFormat(shortest, out int length, "R", CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[32];
        int count = Digits(shortest[..length], digits, out int point);
        WriteDecimal(output, digits[..count], point);
    }

    public static void WriteInt(IBufferWriter<byte> output, long value)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out int length);
        output.Advance(length);
    }

    public static void WriteUint(IBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out int length);
        output.Advance(length);
    }

    /// <summary>A quoted UTC instant, <c>"2026-03-01T12:00:00.000Z"</c>; years beyond four digits as <c>toISOString</c> writes them.</summary>
    public static void WriteInstant(IBufferWriter<byte> output, long milliseconds)
    {
        var span = output.GetSpan(InstantText.MaxLength + 2);
        span[0] = (byte)'"';
        int length = InstantText.Write(milliseconds, span[1..]);
        span[length + 1] = (byte)'"';
        output.Advance(length + 2);
    }

    private static void WriteEscaped(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            int plain = utf8.IndexOfAny(Escaped);
            if (plain < 0)
            {
                output.Write(utf8);
                return;
            }

            output.Write(utf8[..plain]);
            WriteEscape(output, utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte b)
    {
        switch (b)
        {
            case (byte)'"': output.Write("\\\""u8); break;
            case (byte)'\\': output.Write("\\\\"u8); break;
            case (byte)'\b': output.Write("\\b"u8); break;
            case (byte)'\f': output.Write("\\f"u8); break;
            case (byte)'\n': output.Write("\\n"u8); break;
            case (byte)'\r': output.Write("\\r"u8); break;
            case (byte)'\t': output.Write("\\t"u8); break;
            default: output.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(b >> 4), Hex(b & 15)]); break;
        }
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    private static bool IsLoneSurrogate(string text, int i) => char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i])
        ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
        : i > 0 && char.IsHighSurrogate(text[i - 1]));

    /// <summary>The significant digits of a number such as <c>120.5</c> or <c>1.5E-07</c>; the value is 0.digits × 10^point.</summary>
    private static int Digits(ReadOnlySpan<byte> number, Span<byte> digits, out int point)
    {
        int count = 0, exponent = 0;
        point = -1;
        for (int i = 0; i < number.Length; i++)
        {
            byte b = number[i];
            if (b == '.')
            {
                point = count;
            }
            else if (b == 'E')
            {
                exponent = int.Parse(number[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                digits[count++] = b;
            }
        }

        if (point < 0)
            point = count;
        point += exponent;
        int leading = 0;
        while (leading < count - 1 && digits[leading] == '0')
            leading++;
        digits[leading..count].CopyTo(digits);
        point -= leading;
        count -= leading;
        while (count > 1 && digits[count - 1] == '0')
            count--;
        if (digits[0] == '0')
            point = 1;
        return count;
    }

    /// <summary>ECMA-262, Number::toString, with n = <paramref name="point"/> and k = the number of digits.</summary>
    private static void WriteDecimal(IBufferWriter<byte> output, ReadOnlySpan<byte> digits, int point)
    {
        if (point is > 21 or <= -6)
        {
            output.Write(digits[..1]);
            if (digits.Length > 1)
            {
                output.Write("."u8);
                output.Write(digits[1..]);
            }

            output.Write(point > 0 ? "e+"u8 : "e-"u8);
            WriteInt(output, Math.Abs(point - 1));
        }
        else if (point <= 0)
        {
            output.Write("0."u8);
            output.Write("00000"u8[..-point]);
            output.Write(digits);
        }
        else if (digits.Length <= point)
        {
            output.Write(digits);
            output.Write("00000000000000000000"u8[..(point - digits.Length)]);
        }
        else
        {
            output.Write(digits[..point]);
            output.Write("."u8);
            output.Write(digits[point..]);
        }
    }
}
