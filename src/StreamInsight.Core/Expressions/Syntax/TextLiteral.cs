using System.Globalization;
using System.Text;

namespace StreamInsight.Expressions.Syntax;

/// <summary>Reads one string or bytes literal: quotes, triple quotes, raw, escapes.</summary>
internal static class TextLiteral
{
    /// <summary>Reads at <paramref name="at"/>, where a prefix of the given length starts, and moves it behind the closing quote.</summary>
    public static Value Read(string source, ref int at, int prefixLength)
    {
        var start = at;
        var prefix = source.AsSpan(at, prefixLength);
        var isRaw = prefix.ContainsAny('r', 'R');
        var isBytes = prefix.ContainsAny('b', 'B');
        at += prefixLength;
        var quote = source[at];
        var isTriple = source.AsSpan(at).StartsWith([quote, quote, quote]);
        at += isTriple ? 3 : 1;
        var text = new StringBuilder();
        var bytes = isBytes ? new List<byte>() : null;
        while (true)
        {
            if (at >= source.Length)
                throw new SyntaxException(start, "a string has no end");
            var c = source[at];
            if (c == quote && (!isTriple || source.AsSpan(at).StartsWith([quote, quote, quote])))
                break;
            if (c is '\n' or '\r' && !isTriple)
                throw new SyntaxException(start, "a string has no end on its line; write \\n, or use three quotes");
            if (c == '\\' && !isRaw)
            {
                Escape(source, ref at, isBytes, out var codePoint);
                if (bytes is null)
                    Append(text, codePoint);
                else if (codePoint <= 0xFF)
                    bytes.Add((byte)codePoint);
            }
            else
            {
                var length = char.IsHighSurrogate(c) && at + 1 < source.Length && char.IsLowSurrogate(source[at + 1]) ? 2 : 1;
                if (length == 1 && char.IsSurrogate(c))
                    throw new SyntaxException(at, "half of a surrogate pair");
                if (bytes is null)
                    text.Append(source, at, length);
                else
                    bytes.AddRange(Encoding.UTF8.GetBytes(source.Substring(at, length)));
                at += length;
            }
        }
        at += isTriple ? 3 : 1;
        return bytes is null ? Value.String(text.ToString()) : Value.Bytes([.. bytes]);
    }

    private static void Escape(string source, ref int at, bool isBytes, out int codePoint)
    {
        var start = at;
        var kind = at + 1 < source.Length ? source[at + 1] : '\0';
        at += 2;
        switch (kind)
        {
            case 'x' or 'X':
                codePoint = Digits(source, ref at, start, 2);
                return;
            case 'u' or 'U' when !isBytes:
                codePoint = Digits(source, ref at, start, kind == 'u' ? 4 : 8);
                if (codePoint is < 0 or > 0x10FFFF or >= 0xD800 and <= 0xDFFF)
                    throw new SyntaxException(start, "an escape names no Unicode character");
                return;
            case >= '0' and <= '3':
                if (at + 2 > source.Length || source[at] is < '0' or > '7' || source[at + 1] is < '0' or > '7')
                    throw new SyntaxException(start, "an octal escape has three digits, \\000 to \\377");
                codePoint = ((kind - '0') << 6) | ((source[at] - '0') << 3) | (source[at + 1] - '0');
                at += 2;
                return;
        }
        codePoint = kind switch
        {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            '\\' or '?' or '"' or '\'' or '`' => kind,
            _ => throw new SyntaxException(start, $"unknown escape '\\{kind}'; a backslash itself is \\\\, or use a raw string r'…'"),
        };
    }

    private static int Digits(string source, ref int at, int start, int count)
    {
        if (at + count > source.Length
            || !uint.TryParse(source.AsSpan(at, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw new SyntaxException(start, $"this escape needs {count} hexadecimal digits");
        at += count;
        return unchecked((int)value);
    }

    private static void Append(StringBuilder text, int codePoint)
    {
        if (codePoint <= 0xFFFF)
            text.Append((char)codePoint);
        else
            text.Append(char.ConvertFromUtf32(codePoint));
    }
}
