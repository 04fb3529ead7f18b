using System.Text.Json;
using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Records;

/// <summary>One decoded message of the log.</summary>
public sealed record Message
{
    public required string Position { get; init; }

    /// <summary>track identify alias page screen group.</summary>
    public required string Type { get; init; }

    /// <summary>The short name: that of the declaration, or the type; null for an undeclared event.</summary>
    public string? Name { get; init; }

    /// <summary>Which of the messages that decisions and queues know this is; null for any other.</summary>
    public string? BuiltIn { get; init; }


    public string Cause => $"event:{MessageId ?? Position}";

    public string? UserId { get; init; }

    public string? AnonymousId { get; init; }

    public string? PreviousId { get; init; }

    public string? MessageId { get; init; }

    public long RecordMs { get; init; }

    public long TimestampMs { get; init; }

    public string? Channel { get; init; }

    public JsonElement? Context { get; init; }

    /// <summary>Declared properties that are present.</summary>
    public Dictionary<string, object> Properties { get; init; } = [];

    /// <summary>Declared traits that are present; a group's as <c>group.x</c>.</summary>
    public Dictionary<string, object> Traits { get; init; } = [];

    /// <summary>bad_property or future; null for a message that may be applied.</summary>
    public string? Refused { get; init; }

    public bool IsInteraction => (Type is "track" or "page" or "screen") && BuiltIn != "Decision Requested";

    /// <summary>What <c>event.*</c> yields; <paramref name="t"/> is the clamped time.</summary>
    public object? Read(string[] path, long t) => path switch
    {
        ["event", "name"] => Name,
        ["event", "type"] => Type,
        ["event", "channel"] => Channel ?? (object)Values.Error("no channel"),
        ["event", "timestamp"] => new Instant(t),
        ["event", "properties", var property] => Properties.TryGetValue(property, out var value) ? value : Values.Error("no such property"),
        ["event", "context", .. var keys] => Context is { } context ? Member(context, keys) : Values.Error("no context"),
        _ => Values.Error("no such member of event"),
    };

    private static object? Member(JsonElement of, string[] keys)
    {
        foreach (var key in keys)
            if (Json.Get(of, key) is { } inner) of = inner;
            else return Values.Error("no such key");
        return of.ValueKind switch
        {
            JsonValueKind.String => of.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => of.GetDouble(),
            _ => of, // a map or list is there, but the oracle's conditions do nothing with it
        };
    }
}
