using System.Text;
using System.Text.Json;

namespace StreamInsight.Pipeline.Erasures;

/// <summary>Finds raw records that name one of some ids, as <c>userId</c>, <c>anonymousId</c>, <c>previousId</c> or <c>subject</c>.</summary>
public sealed class NamedRecord
{
    private static readonly byte[][] Members = ["userId"u8.ToArray(), "anonymousId"u8.ToArray(), "previousId"u8.ToArray(), "subject"u8.ToArray()];

    private readonly HashSet<string> _ids;
    private readonly byte[][] _utf8;

    public NamedRecord(IEnumerable<string> ids)
    {
        _ids = ids.ToHashSet(StringComparer.Ordinal);
        _utf8 = [.. _ids.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>
    /// What is to stay of a record: all of it (the same bytes), nothing (empty: its only message names an id), or a batch in which the messages
    /// that name one are replaced by <c>{}</c>, so that the others keep their places.
    /// </summary>
    /// <param name="removed">Messages that name an id.</param>
    public ReadOnlyMemory<byte> Rest(ReadOnlyMemory<byte> record, out int removed)
    {
        removed = 0;
        if (!MayName(record.Span))
            return record;
        JsonDocument parsed;
        try
        {
            parsed = JsonDocument.Parse(record, new JsonDocumentOptions { MaxDepth = 1000 });
        }
        catch (JsonException)
        {
            // Nobody can say what it means; that it holds the id as a whole string is enough.
            removed = Array.Exists(_utf8, id => record.Span.IndexOf([(byte)'"', .. id, (byte)'"']) >= 0) ? 1 : 0;
            return removed > 0 ? default : record;
        }
        using (parsed)
            return Rest(parsed.RootElement, record, out removed);
    }

    private ReadOnlyMemory<byte> Rest(JsonElement root, ReadOnlyMemory<byte> record, out int removed)
    {
        JsonElement batch = root.ValueKind == JsonValueKind.Array ? root : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("batch", out JsonElement list) ? list : default;
        if (batch.ValueKind != JsonValueKind.Array)
        {
            removed = Names(root) ? 1 : 0;
            return removed > 0 ? default : record;
        }
        JsonElement[] messages = [.. batch.EnumerateArray()];
        removed = messages.Count(Names);
        if (removed == 0)
            return record;
        if (removed == messages.Length)
            return default;
        using var rest = new MemoryStream(record.Length);
        using (var json = new Utf8JsonWriter(rest, new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteRest(json, root, batch);
        return rest.ToArray();
    }

    private void WriteRest(Utf8JsonWriter json, JsonElement root, JsonElement batch)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (JsonProperty member in root.EnumerateObject())
            {
                if (!member.NameEquals("batch"))
                    member.WriteTo(json);
            }
            json.WritePropertyName("batch");
        }
        json.WriteStartArray();
        foreach (JsonElement message in batch.EnumerateArray())
            json.WriteRawValue(Names(message) ? "{}" : message.GetRawText(), skipInputValidation: true);
        json.WriteEndArray();
        if (root.ValueKind == JsonValueKind.Object)
            json.WriteEndObject();
    }

    /// <summary>A quick no for nearly all records. An id written with escapes does not look like itself.</summary>
    public bool MayName(ReadOnlySpan<byte> record)
    {
        foreach (byte[] id in _utf8)
        {
            if (record.IndexOf(id) >= 0)
                return true;
        }
        return record.IndexOf((byte)'\\') >= 0;
    }

    private bool Names(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return false;
        foreach (byte[] member in Members)
        {
            if (message.TryGetProperty(member, out JsonElement id) && (Text(id) is { } text && _ids.Contains(text)))
                return true;
        }
        return false;
    }

    /// <summary>Integers are ids too, as their text; a lone surrogate is no id of anybody.</summary>
    private static string? Text(JsonElement id)
    {
        try
        {
            return id.ValueKind switch
            {
                JsonValueKind.String => id.GetString(),
                JsonValueKind.Number => id.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
