using System.Text.Json;
using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;

namespace StreamInsight.Oracle.Records;

/// <summary>Section 1: the checks a message passes before its customer is known, in their order.</summary>
public sealed class Judge(Model model)
{
    private const long Day = 24 * 3_600_000L;

    private static readonly string[] Types = ["track", "identify", "alias", "page", "screen", "group"];

    /// <summary>The message, which may be refused but decoded; or null and the reason.</summary>
    public (Message? Message, string? Reason) Decode(RawMessage raw)
    {
        if (raw.Bytes.Length > 32_768) return (null, "too_large");
        if (Json.Depth(raw.Bytes) > 64) return (null, "too_deep");
        if (Json.Parse(raw.Bytes) is not { ValueKind: JsonValueKind.Object } root) return (null, "not_json");
        return Json.Get(root, "specversion") is null ? Segment(raw, root) : CloudEvent(raw, root);
    }

    private (Message?, string?) Segment(RawMessage raw, JsonElement root)
    {
        var type = Json.Text(root, "type");
        if (type is null || !Types.Contains(type)) return (null, "no_type");
        var wire = type == "track" ? Json.Text(root, "event") : type;
        if (wire is null) return (null, "no_event_name");
        string? user = Json.Id(root, "userId"), anonymous = Json.Id(root, "anonymousId");
        if (user is null && anonymous is null && !(type == "track" && BuiltIn(wire) == "Queue Updated")) return (null, "no_identity");
        var context = Context(raw, root);
        var message = new Message
        {
            Position = raw.Position,
            Type = type,
            UserId = user,
            AnonymousId = anonymous,
            PreviousId = Json.Id(root, "previousId"),
            MessageId = Json.Text(root, "messageId"),
            Context = context,
            Channel = (context is { } c ? Json.Text(c, "channel") : null) ?? Json.Text(root, "channel"),
        };
        return Timed(raw, root, message, wire, "timestamp", type is "identify" or "group" ? "traits" : type == "alias" ? null : "properties");
    }

    private (Message?, string?) CloudEvent(RawMessage raw, JsonElement root)
    {
        if (Json.Text(root, "type") is not { } wire) return (null, "no_event_name");
        var subject = Json.Id(root, "subject");
        if (subject is null && BuiltIn(wire) != "Queue Updated") return (null, "no_identity");
        var context = Context(raw, root);
        var message = new Message
        {
            Position = raw.Position,
            Type = "track",
            UserId = subject,
            MessageId = Json.Text(root, "id"),
            Context = context,
            Channel = context is { } c ? Json.Text(c, "channel") : null,
        };
        return Timed(raw, root, message, wire, "time", "data");
    }

    private (Message?, string?) Timed(RawMessage raw, JsonElement root, Message message, string wire, string timestampKey, string? dataKey)
    {
        var bad = false;
        long? Time(JsonElement? value)
        {
            if (value is not { } present) return null;
            var ms = present.ValueKind == JsonValueKind.String ? Times.Parse(present.GetString()!) : null;
            bad |= ms is null;
            return ms;
        }
        var timestamp = Time(Json.Get(root, timestampKey));
        var original = timestampKey == "timestamp" ? Time(Json.Get(root, "originalTimestamp")) : null;
        var sent = Time(Inherited(raw, root, "sentAt"));
        var received = Time(Inherited(raw, root, "receivedAt"));
        if (bad || (timestamp ?? original ?? sent ?? received) is null) return (null, "bad_timestamp");
        var r = received ?? timestamp ?? original ?? sent!.Value;
        var ts = timestamp ?? original ?? sent ?? r;
        message = message with { RecordMs = r, TimestampMs = ts };

        var declared = message.Type is "identify" or "alias" or "group" ? null : model.Events.FirstOrDefault(e => e.Wire == wire);
        message = message with { Name = message.Type == "track" ? declared?.Short : message.Type, BuiltIn = message.Type == "track" ? BuiltIn(wire) : null };
        var data = dataKey is null ? null : Json.Get(root, dataKey);
        if (data is { ValueKind: not JsonValueKind.Object }) return (message with { Refused = "bad_property" }, null);
        var group = message.Type == "group";
        IEnumerable<KeyValuePair<string, string>> types = message.Type is "identify" or "group"
            ? model.Traits.Where(t => t.Key.StartsWith("group.", StringComparison.Ordinal) == group).Select(t => KeyValuePair.Create(group ? t.Key[6..] : t.Key, t.Value))
            : [.. declared?.Properties ?? [], .. message.BuiltIn is { } builtIn ? Conduct.Known[builtIn] : []];
        var read = data is { } members ? Properties.Read(members, types, group ? "group." : "") : [];
        if (read is null) return (message with { Refused = "bad_property" }, null);
        message = message.Type is "identify" or "group" ? message with { Traits = read } : message with { Properties = read };
        return (ts - r > Day ? message with { Refused = "future" } : message, null);
    }

    /// <summary>In a model without actions, or without queues, what is told of them is a message like any other.</summary>
    private string? BuiltIn(string wire) => (wire == "Queue Updated" ? model.Queues.Count : model.Actions.Count) > 0 && Conduct.Known.ContainsKey(wire) ? wire : null;

    private static JsonElement? Context(RawMessage raw, JsonElement root) =>
        new[] { Json.Get(root, "context"), raw.Batch is { } batch ? Json.Get(batch, "context") : null }
            .FirstOrDefault(c => c is { ValueKind: JsonValueKind.Object } some && some.EnumerateObject().Any());

    private static JsonElement? Inherited(RawMessage raw, JsonElement root, string key) =>
        Json.Get(root, key) ?? (raw.Batch is { } batch ? Json.Get(batch, key) : null);
}
