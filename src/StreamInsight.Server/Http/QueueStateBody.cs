using System.Globalization;
using System.Text.Json;
using StreamInsight.Decisions;

namespace StreamInsight.Server.Http;

/// <summary>How a queue stands, as it is told: <c>{"waiting":4,"longest_wait_seconds":95,"service_level":0.72,"agents_free":0}</c>; what is left out or null is unknown.</summary>
internal static class QueueStateBody
{
    /// <summary>The message for the log; or all that is wrong.</summary>
    public static (byte[]? Message, string? Fault) ToMessage(byte[] body, string queue, DateTimeOffset now)
    {
        JsonDocument parsed;
        try
        {
            parsed = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return (null, "The body is not JSON in UTF-8.");
        }
        using (parsed)
        {
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
                return (null, "The body is no JSON object.");
            var faults = new List<string>();
            var numbers = new List<(string Name, double Number)>();
            foreach (JsonProperty member in parsed.RootElement.EnumerateObject())
            {
                if (Fault(member) is { } fault)
                    faults.Add(fault);
                else if (member.Value.ValueKind == JsonValueKind.Number)
                    numbers.Add((member.Name, member.Value.GetDouble()));
            }
            return faults.Count > 0 ? (null, string.Join("; ", faults) + ".") : (Message(queue, numbers, now), null);
        }
    }

    private static string? Fault(JsonProperty member)
    {
        if (member.Name is not ("waiting" or "longest_wait_seconds" or "service_level" or "agents_free"))
            return $"{member.Name} is not known; allowed are waiting, longest_wait_seconds, service_level, agents_free";
        if (member.Value.ValueKind == JsonValueKind.Null)
            return null;
        double number = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out double given) ? given : double.NaN;
        return member.Name switch
        {
            "waiting" or "agents_free" => number is >= 0 and <= 1e9 && number == Math.Floor(number) ? null : $"{member.Name}: a whole number from 0 is allowed",
            "service_level" => number is >= 0 and <= 1 ? null : "service_level: a number from 0 to 1 is allowed",
            _ => number is >= 0 and <= 1e9 ? null : $"{member.Name}: a number of seconds from 0 is allowed",
        };
    }

    private static byte[] Message(string queue, List<(string Name, double Number)> numbers, DateTimeOffset now)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", "track");
            json.WriteString("event", BuiltInEvents.QueueUpdated);
            json.WriteString("timestamp", now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("properties");
            json.WriteString("queue", queue);
            foreach ((string name, double number) in numbers)
                json.WriteNumber(name, number);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return body.ToArray();
    }
}
