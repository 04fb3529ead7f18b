using System.Buffers;
using StreamInsight.Events;

namespace StreamInsight.Facts;

/// <summary>A refused record as one line of JSON without its end.</summary>
public static class DeadLetterWriter
{
    /// <param name="position">As the source counts: <c>17</c>, <c>17.2</c>, <c>topic/0/17</c>.</param>
    /// <param name="record">The message as it stood; written as it is if it is JSON (on one line), else as a string (what is not UTF-8 becomes U+FFFD).</param>
    public static void Write(string position, Refusal reason, ReadOnlySpan<byte> record, IBufferWriter<byte> line)
    {
        Json.WriteRaw(line, "{\"position\":"u8);
        Json.WriteString(line, position);
        Json.WriteRaw(line, ",\"reason\":"u8);
        Json.WriteString(line, reason.Reason());
        Json.WriteRaw(line, ",\"record\":"u8);

        if (MessageBatch.IsJson(record))
            WriteOnOneLine(record, line);
        else
            Json.WriteString(line, record);
        Json.WriteRaw(line, "}"u8);
    }

    /// <summary>A line end in JSON can only be space between its parts, so a space says the same.</summary>
    private static void WriteOnOneLine(ReadOnlySpan<byte> json, IBufferWriter<byte> line)
    {
        while (true)
        {
            int end = json.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
                break;
            Json.WriteRaw(line, json[..end]);
            Json.WriteRaw(line, " "u8);
            json = json[(end + 1)..];
        }

        Json.WriteRaw(line, json);
    }
}
