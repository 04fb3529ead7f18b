using System.Text;
using System.Text.Json;

namespace StreamInsight.Server.Commands;

/// <summary>
/// A refused record without what it says about a person: names of members and kinds of values stay, so that one sees what is wrong with it. Of the values only those
/// of the envelope stay: type, event, times, messageId, channel.
/// </summary>
internal static class MaskedRecord
{
    private static readonly string[] Plain =
        ["type", "event", "messageId", "timestamp", "originalTimestamp", "sentAt", "receivedAt", "channel", "specversion", "id", "time", "source"];

    public static string Of(ReadOnlySpan<byte> record)
    {
        try
        {
            var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = 1000 });
            using JsonDocument json = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed == record.Length && json.RootElement.ValueKind == JsonValueKind.Object)
                return Text(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No JSON: nobody knows what is in it.
        }
        return $"<{record.Length} bytes that are not one JSON object>";
    }

    private static string Text(JsonElement root)
    {
        using var masked = new MemoryStream();
        using (var json = new Utf8JsonWriter(masked, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(root, json, 0);
        return Encoding.UTF8.GetString(masked.ToArray());
    }

    private static void Write(JsonElement value, Utf8JsonWriter json, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    if (depth == 0 && Plain.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.String)
                        member.Value.WriteTo(json);
                    else
                        Write(member.Value, json, depth + 1);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Write(item, json, depth + 1);
                json.WriteEndArray();
                break;
            case JsonValueKind.Null:
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(value.ValueKind == JsonValueKind.String ? "<string>" : value.ValueKind == JsonValueKind.Number ? "<number>" : "<bool>");
                break;
        }
    }
}
