using System.Runtime.InteropServices;
using System.Text.Json;

namespace StreamInsight.Oracle.Records;

/// <summary>One message as it stands in the file, with what it inherits from its batch.</summary>
public sealed record RawMessage(string Position, byte[] Bytes, JsonElement? Batch);

/// <summary>A file of records: lines, and the messages in them.</summary>
public static class RecordFile
{
    public static IEnumerable<RawMessage> Read(IEnumerable<byte[]> lines)
    {
        var number = 0;
        foreach (var text in lines)
        {
            number++;
            var line = text is [.. var before, (byte)'\r'] ? before : text;
            if (line.All(b => b is (byte)' ' or (byte)'\t' or (byte)'\r')) continue;
            if (Json.Parse(line) is { } whole && Json.Get(whole, "batch") is { ValueKind: JsonValueKind.Array } batch)
            {
                var index = 0;
                foreach (var message in batch.EnumerateArray())
                    yield return new($"{number}.{index++}", JsonMarshal.GetRawUtf8Value(message).ToArray(), whole);
            }
            else yield return new($"{number}", line, null);
        }
    }
}
