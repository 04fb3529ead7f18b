using System.Text;

namespace StreamInsight.Events;

/// <summary>Reading JSON strings whose text <see cref="JsonScan"/> has accepted, and what can be said of a text that it has not.</summary>
internal static class JsonText
{
    /// <summary>Whether more than <paramref name="limit"/> objects and arrays are open at once, strings left aside; the text need not be JSON.</summary>
    public static bool IsDeeperThan(int limit, ReadOnlySpan<byte> text)
    {
        int depth = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (inString)
            {
                if (b == '\\')
                    i++;
                else if (b == '"')
                    inString = false;
            }
            else if (b == '"')
            {
                inString = true;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                if (++depth > limit)
                    return true;
            }
            else if (b is (byte)'}' or (byte)']')
            {
                depth--;
            }
        }

        return false;
    }

    /// <summary>Writes what <paramref name="text"/> (the inside of a string) means; never longer than the text. Returns the length.</summary>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> output)
    {
        int written = 0;
        while (true)
        {
            int plain = text.IndexOf((byte)'\\');
            if (plain < 0)
            {
                text.CopyTo(output[written..]);
                return written + text.Length;
            }

            text[..plain].CopyTo(output[written..]);
            written += plain;
            byte escape = text[plain + 1];
            text = text[(plain + 2)..];
            if (escape == 'u')
                written += UnescapeUnit(ref text, output[written..]);
            else
                output[written++] = Meaning(escape);
        }
    }

    private static byte Meaning(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    private static int UnescapeUnit(ref ReadOnlySpan<byte> text, Span<byte> output)
    {
        int unit = Unit(text);
        text = text[4..];
        if (unit is < 0xD800 or > 0xDFFF)
            return new Rune(unit).EncodeToUtf8(output);
        int low = Unit(text[2..]);
        text = text[6..];
        return new Rune((char)unit, (char)low).EncodeToUtf8(output);
    }

    private static int Unit(ReadOnlySpan<byte> hex) =>
        (JsonScan.HexDigit(hex[0]) << 12) | (JsonScan.HexDigit(hex[1]) << 8) | (JsonScan.HexDigit(hex[2]) << 4) | JsonScan.HexDigit(hex[3]);
}
