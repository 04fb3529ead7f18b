using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StreamInsight.Events;

/// <summary>
/// Strict RFC 8259 scanning over text whose UTF-8 was checked already. Every method takes the text's first byte, where to start and where the text ends;
/// it returns the place after what it read, or <see cref="Fault"/>. Lone surrogate escapes are faults. Nothing recurses, so no text can exhaust the stack.
/// </summary>
internal static class JsonScan
{
    public const int Fault = -1;

    /// <summary>After spaces, tabs and line ends; may be the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Space(ref byte text, int at, int end)
    {
        // Compact JSON has none: one comparison decides.
        if (at < end && Unsafe.Add(ref text, at) <= ' ')
            return LongSpace(ref text, at, end);
        return at;
    }

    /// <summary>A string. <paramref name="at"/> is after its opening quote; the result is the place of its closing quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int String(ref byte text, int at, int end, out bool escaped)
    {
        escaped = false;
        if (end - at >= Vector256<byte>.Count)
        {
            uint stops = Stops(Vector256.LoadUnsafe(ref text, (nuint)at));
            if (stops != 0)
            {
                int stop = at + BitOperations.TrailingZeroCount(stops);
                if (Unsafe.Add(ref text, stop) == '"')
                    return stop;
            }
        }

        return LongString(ref text, at, end, ref escaped);
    }

    /// <summary>A key and its colon: from its opening quote to the start of the value.</summary>
    public static int Key(ref byte text, int at, int end)
    {
        if (at >= end || Unsafe.Add(ref text, at) != '"')
            return Fault;
        int quote = String(ref text, at + 1, end, out _);
        return quote < 0 ? Fault : Colon(ref text, quote + 1, end);
    }

    /// <summary>A colon with space around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Colon(ref byte text, int at, int end)
    {
        at = Space(ref text, at, end);
        if (at >= end || Unsafe.Add(ref text, at) != ':')
            return Fault;
        return Space(ref text, at + 1, end);
    }

    /// <summary>Any value. Objects and arrays may nest <paramref name="depth"/> deep.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Value(ref byte text, int at, int end, int depth, out JsonKind kind)
    {
        kind = JsonKind.None;
        if (at >= end)
            return Fault;
        byte first = Unsafe.Add(ref text, at);
        if (first == '"')
        {
            int quote = String(ref text, at + 1, end, out bool escaped);
            kind = escaped ? JsonKind.EscapedString : JsonKind.String;
            return quote < 0 ? Fault : quote + 1;
        }

        if (first is (byte)'{' or (byte)'[')
        {
            kind = first == '{' ? JsonKind.Object : JsonKind.Array;
            return Container(ref text, at, end, depth);
        }

        return Scalar(ref text, at, end, first, out kind);
    }

    /// <summary>A number or one of the three words.</summary>
    public static int Scalar(ref byte text, int at, int end, byte first, out JsonKind kind)
    {
        switch (first)
        {
            case (byte)'t':
                kind = JsonKind.True;
                return Word(ref text, at, end, "true"u8);
            case (byte)'f':
                kind = JsonKind.False;
                return Word(ref text, at, end, "false"u8);
            case (byte)'n':
                kind = JsonKind.Null;
                return Word(ref text, at, end, "null"u8);
            default:
                return Number(ref text, at, end, out kind);
        }
    }

    /// <summary>An object or array with all it holds, at most <paramref name="depth"/> deep itself included.</summary>
    public static int Container(ref byte text, int at, int end, int depth)
    {
        var open = new OpenContainers(depth);
        while (true)
        {
            // Here stands a value.
            if (at >= end)
                return Fault;
            byte first = Unsafe.Add(ref text, at);
            if (first is (byte)'{' or (byte)'[')
            {
                if (!open.TryPush(first == '{'))
                    return Fault;
                at = Space(ref text, at + 1, end);
                if (at >= end)
                    return Fault;
                if (Unsafe.Add(ref text, at) != open.Closing)
                {
                    if (open.InObject && (at = Key(ref text, at, end)) < 0)
                        return Fault;
                    continue;
                }
            }
            else
            {
                at = Value(ref text, at, end, 0, out _);
                if (at < 0)
                    return Fault;
            }

            // Here ends a value: closings, then a comma before the next.
            while (true)
            {
                at = Space(ref text, at, end);
                if (at >= end)
                    return Fault;
                byte next = Unsafe.Add(ref text, at++);
                if (next == ',')
                    break;
                if (next != open.Closing)
                    return Fault;
                if (!open.Pop())
                    return at;
            }

            at = Space(ref text, at, end);
            if (open.InObject && (at = Key(ref text, at, end)) < 0)
                return Fault;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LongSpace(ref byte text, int at, int end)
    {
        while (at < end && Unsafe.Add(ref text, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    /// <summary>Quotes, backslashes and control characters: where a run of plain text ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Stops(Vector256<byte> bytes)
    {
        var quote = Vector256.Equals(bytes, Vector256.Create((byte)'"'));
        var backslash = Vector256.Equals(bytes, Vector256.Create((byte)'\\'));
        var control = Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)0x1F)), bytes);
        return (quote | backslash | control).ExtractMostSignificantBits();
    }

    /// <summary>A string that is long, near the end of the text, or holds escapes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LongString(ref byte text, int at, int end, ref bool escaped)
    {
        while (true)
        {
            at = NextStop(ref text, at, end);
            if (at >= end)
                return Fault;
            byte stop = Unsafe.Add(ref text, at);
            if (stop == '"')
                return at;
            if (stop != '\\')
                return Fault;
            escaped = true;
            at = Escape(ref text, at + 1, end);
            if (at < 0)
                return Fault;
        }
    }

    private static int NextStop(ref byte text, int at, int end)
    {
        for (; end - at >= Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            uint stops = Stops(Vector256.LoadUnsafe(ref text, (nuint)at));
            if (stops != 0)
                return at + BitOperations.TrailingZeroCount(stops);
        }

        if (at < end && end >= Vector256<byte>.Count)
        {
            // The last bytes, loaded together with bytes that were passed already.
            int from = end - Vector256<byte>.Count;
            uint stops = Stops(Vector256.LoadUnsafe(ref text, (nuint)from)) >> (at - from);
            return stops != 0 ? at + BitOperations.TrailingZeroCount(stops) : end;
        }

        for (; at < end; at++)
        {
            if (Unsafe.Add(ref text, at) is < 0x20 or (byte)'"' or (byte)'\\')
                break;
        }

        return at;
    }

    /// <summary>An escape after its backslash; a surrogate must come as a pair.</summary>
    private static int Escape(ref byte text, int at, int end)
    {
        if (at >= end)
            return Fault;
        switch (Unsafe.Add(ref text, at))
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return at + 1;
            case (byte)'u':
                int unit = Unit(ref text, at + 1, end);
                if (unit is < 0 or (>= 0xDC00 and <= 0xDFFF))
                    return Fault;
                if (unit is < 0xD800 or > 0xDFFF)
                    return at + 5;
                if (end - at < 11 || Unsafe.Add(ref text, at + 5) != '\\' || Unsafe.Add(ref text, at + 6) != 'u')
                    return Fault;
                return Unit(ref text, at + 7, end) is >= 0xDC00 and <= 0xDFFF ? at + 11 : Fault;
            default:
                return Fault;
        }
    }

    /// <summary>Four hex digits as a number, or -1.</summary>
    private static int Unit(ref byte text, int at, int end)
    {
        if (end - at < 4)
            return -1;
        int unit = 0;
        for (int i = 0; i < 4; i++)
        {
            int digit = HexDigit(Unsafe.Add(ref text, at + i));
            if (digit < 0)
                return -1;
            unit = (unit << 4) | digit;
        }

        return unit;
    }

    internal static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };

    private static int Word(ref byte text, int at, int end, ReadOnlySpan<byte> word)
    {
        if (end - at < word.Length)
            return Fault;
        for (int i = 0; i < word.Length; i++)
        {
            if (Unsafe.Add(ref text, at + i) != word[i])
                return Fault;
        }

        return at + word.Length;
    }

    private static int Number(ref byte text, int at, int end, out JsonKind kind)
    {
        kind = JsonKind.Integer;
        if (Unsafe.Add(ref text, at) == '-')
            at++;
        if (at < end && Unsafe.Add(ref text, at) == '0')
            at++;
        else if ((at = Digits(ref text, at, end)) < 0)
            return Fault;

        if (at < end && Unsafe.Add(ref text, at) == '.')
        {
            kind = JsonKind.Number;
            if ((at = Digits(ref text, at + 1, end)) < 0)
                return Fault;
        }

        if (at < end && Unsafe.Add(ref text, at) is (byte)'e' or (byte)'E')
        {
            kind = JsonKind.Number;
            at++;
            if (at < end && Unsafe.Add(ref text, at) is (byte)'+' or (byte)'-')
                at++;
            at = Digits(ref text, at, end);
        }

        return at;
    }

    /// <summary>One digit at least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ref byte text, int at, int end)
    {
        int start = at;
        while (at < end && (uint)(Unsafe.Add(ref text, at) - '0') <= 9)
            at++;
        return at > start ? at : Fault;
    }
}
