using System.Buffers;
using StreamInsight.Expressions;

namespace StreamInsight.Facts;

/// <summary>
/// Values as JSON: times as strings in ISO form with milliseconds, durations as CEL's string() of them, bytes in base 64, types by name;
/// errors and non-finite numbers are null. Keys of maps are written as text.
/// </summary>
public static class ValueWriter
{
    public static void Write(in Value value, IBufferWriter<byte> output)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                Json.WriteRaw(output, value.IsTrue ? "true"u8 : "false"u8);
                break;
            case ValueKind.Int:
                Json.WriteInt(output, value.AsInt);
                break;
            case ValueKind.Uint:
                Json.WriteUint(output, value.AsUint);
                break;
            case ValueKind.Double:
                Json.WriteDouble(output, value.AsDouble);
                break;
            case ValueKind.String or ValueKind.Type:
                Json.WriteString(output, value.AsString);
                break;
            case ValueKind.Bytes:
                Json.WriteString(output, Convert.ToBase64String((byte[])value.Reference!));
                break;
            case ValueKind.Timestamp:
                Json.WriteInstant(output, value.Bits);
                break;
            case ValueKind.Duration:
                WriteDuration(value.Bits, value.Reference is int nanoseconds ? nanoseconds : 0, output);
                break;
            case ValueKind.List:
                WriteList((Value[])value.Reference!, output);
                break;
            case ValueKind.Map:
                WriteMap((CelMap)value.Reference!, output);
                break;
            default:
                Json.WriteRaw(output, "null"u8);
                break;
        }
    }

    /// <summary>Seconds with as many decimals as it takes: <c>"90s"</c>, <c>"-1.5s"</c>.</summary>
    private static void WriteDuration(long milliseconds, int nanoseconds, IBufferWriter<byte> output)
    {
        var total = ((Int128)milliseconds * 1_000_000) + nanoseconds;
        bool negative = total < 0;
        if (negative)
            total = -total;
        var (seconds, rest) = Int128.DivRem(total, 1_000_000_000);
        Json.WriteRaw(output, negative ? "\"-"u8 : "\""u8);
        Json.WriteInt(output, (long)seconds);
        if (rest > 0)
        {
            Span<byte> decimals = stackalloc byte[9];
            int count = 9;
            int fraction = (int)rest;
            for (int i = 8; i >= 0; i--)
            {
                decimals[i] = (byte)('0' + (fraction % 10));
                fraction /= 10;
            }

            while (decimals[count - 1] == '0')
                count--;
            Json.WriteRaw(output, "."u8);
            Json.WriteRaw(output, decimals[..count]);
        }

        Json.WriteRaw(output, "s\""u8);
    }

    private static void WriteList(Value[] elements, IBufferWriter<byte> output)
    {
        Json.WriteRaw(output, "["u8);
        for (int i = 0; i < elements.Length; i++)
        {
            if (i > 0)
                Json.WriteRaw(output, ","u8);
            Write(elements[i], output);
        }

        Json.WriteRaw(output, "]"u8);
    }

    private static void WriteMap(CelMap map, IBufferWriter<byte> output)
    {
        Json.WriteRaw(output, "{"u8);
        bool first = true;
        foreach (var (key, value) in map.Entries)
        {
            if (!first)
                Json.WriteRaw(output, ","u8);
            first = false;
            WriteKey(key, output);
            Json.WriteRaw(output, ":"u8);
            Write(value, output);
        }

        Json.WriteRaw(output, "}"u8);
    }

    private static void WriteKey(in Value key, IBufferWriter<byte> output)
    {
        if (key.Kind == ValueKind.String)
        {
            Json.WriteString(output, key.AsString);
            return;
        }

        Json.WriteRaw(output, "\""u8);
        Write(key, output);
        Json.WriteRaw(output, "\""u8);
    }
}
