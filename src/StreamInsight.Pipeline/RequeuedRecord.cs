using System.Text;
using System.Text.Json;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>A dead letter's record as it is put back to the front door.</summary>
public static class RequeuedRecord
{
    /// <summary>A message that names no time meant that of its record, not that of its return.</summary>
    /// <param name="atMs">The record's time, UTC ms; <see cref="SourceRecord.TimeInMessage"/> = not known.</param>
    public static byte[] WithItsTime(byte[] record, long atMs)
    {
        if (atMs == SourceRecord.TimeInMessage)
            return record;
        try
        {
            using JsonDocument json = JsonDocument.Parse(record);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || json.RootElement.EnumerateObject().Any(member => member.Name is "timestamp" or "originalTimestamp" or "sentAt" or "time" or "batch"))
                return record;
            bool isEmpty = !json.RootElement.EnumerateObject().Any();
            int close = record.AsSpan().LastIndexOf((byte)'}');
            string name = json.RootElement.TryGetProperty("specversion", out _) ? "time" : "timestamp";
            byte[] member = Encoding.ASCII.GetBytes($"{(isEmpty ? "" : ",")}\"{name}\":\"{InstantText.Of(atMs)}\"");
            return [.. record.AsSpan(0, close), .. member, .. record.AsSpan(close)];
        }
        catch (JsonException)
        {
            return record;
        }
    }
}
