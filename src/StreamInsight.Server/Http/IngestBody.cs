using System.Text.Json;

namespace StreamInsight.Server.Http;

/// <summary>What the top level of a message says that matters before it is decoded.</summary>
internal readonly record struct IngestBody(bool IsObject, bool HasType, string? WriteKey)
{
    /// <summary>Reads valid JSON; members of members are passed over.</summary>
    public static IngestBody Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        bool hasType = false;
        string? key = null;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isType = reader.ValueTextEquals("type"u8);
                bool isKey = reader.ValueTextEquals("writeKey"u8) || reader.ValueTextEquals("write_key"u8) || reader.ValueTextEquals("api_key"u8);
                reader.Read();
                if (isType)
                    hasType = reader.TokenType != JsonTokenType.Null;
                else if (isKey && reader.TokenType == JsonTokenType.String)
                    key = reader.GetString();
                else
                    reader.Skip();
            }
            return new IngestBody(true, hasType, key);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Deeper than anybody means it, or text that is no text: the decoder says what is wrong with it.
            return new IngestBody(true, true, key);
        }
    }
}
