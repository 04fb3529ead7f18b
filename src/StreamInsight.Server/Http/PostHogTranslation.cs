using System.Text.Json;

namespace StreamInsight.Server.Http;

/// <summary>
/// Messages of PostHog's SDKs as messages of Segment's spec: <c>distinct_id</c> becomes <c>userId</c> (<c>anonymousId</c> while the browser has not identified anybody),
/// <c>$identify</c> and <c>$set</c> identify, <c>$create_alias</c> alias, <c>$groupidentify</c> group, <c>$pageview</c> page, <c>$screen</c> screen; any other event is a track.
/// </summary>
internal static class PostHogTranslation
{
    /// <summary>A batch of Segment messages; null = the JSON holds none of PostHog's forms.</summary>
    public static byte[]? ToBatch(JsonElement body)
    {
        if (Messages(body) is not { } messages)
            return null;
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            Copy(json, body, "sent_at", "sentAt");
            json.WriteStartArray("batch");
            foreach (JsonElement message in messages)
                Write(json, message);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>The project's key, wherever the SDK puts it.</summary>
    public static string? KeyOf(JsonElement body)
    {
        JsonElement first = body.ValueKind == JsonValueKind.Array && body.GetArrayLength() > 0 ? body[0] : body;
        return Text(first, "api_key") ?? Text(first, "token") ?? Text(Member(first, "properties"), "token");
    }

    private static IEnumerable<JsonElement>? Messages(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Array => body.EnumerateArray(),
        JsonValueKind.Object when Member(body, "batch").ValueKind == JsonValueKind.Array => Member(body, "batch").EnumerateArray(),
        JsonValueKind.Object when Text(body, "event") is not null => [body],
        _ => null,
    };

    private static void Write(Utf8JsonWriter json, JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            message.WriteTo(json);      // The decoder says what is wrong with it.
            return;
        }
        JsonElement properties = Member(message, "properties");
        string? id = Text(message, "distinct_id") ?? Text(properties, "distinct_id") ?? Text(properties, "$distinct_id");
        string? @event = Text(message, "event");
        json.WriteStartObject();
        Copy(json, message, "timestamp", "timestamp");
        Copy(json, message, "uuid", "messageId");
        if (id is not null)
            json.WriteString(IsAnonymous(properties, id) ? "anonymousId" : "userId", id);
        switch (@event)
        {
            case "$identify" or "$set":
                json.WriteString("type", "identify");
                Copy(json, properties, "$anon_distinct_id", "anonymousId");
                Copy(json, Member(message, "$set").ValueKind == JsonValueKind.Object ? message : properties, "$set", "traits");
                break;
            case "$create_alias":
                json.WriteString("type", "alias");
                Copy(json, properties, "alias", "previousId");
                break;
            case "$groupidentify":
                json.WriteString("type", "group");
                Copy(json, properties, "$group_key", "groupId");
                Copy(json, properties, "$group_set", "traits");
                break;
            default:
                json.WriteString("type", @event switch { "$pageview" => "page", "$screen" => "screen", _ => "track" });
                if (@event is not null)
                    json.WriteString("event", @event);
                Copy(json, message, "properties", "properties");
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>Only browsers tell: nobody has signed in, or the id is still the device's.</summary>
    private static bool IsAnonymous(JsonElement properties, string id) =>
        Member(properties, "$is_identified").ValueKind == JsonValueKind.False || Text(properties, "$device_id") == id;

    private static void Copy(Utf8JsonWriter json, JsonElement from, string name, string to)
    {
        JsonElement value = Member(from, name);
        if (value.ValueKind == JsonValueKind.Undefined)
            return;
        json.WritePropertyName(to);
        value.WriteTo(json);
    }

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;
}
