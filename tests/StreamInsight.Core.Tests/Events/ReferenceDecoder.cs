using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamInsight.Definitions;
using StreamInsight.Events;

namespace StreamInsight.Tests.Events;

/// <summary>What the semantics say of a message, slowly and over another JSON reader. Shares no code with the decoder.</summary>
internal sealed partial class ReferenceDecoder(ModelDefinition model)
{
    public Refusal Refusal { get; private set; }

    /// <summary>Everything a decoder must have found, as text.</summary>
    public string Found { get; private set; } = "";

    /// <summary>Decodes one message; <paramref name="batch"/> = what it inherits.</summary>
    public void Decode(byte[] message, IReadOnlyDictionary<string, JsonElement>? batch = null)
    {
        Found = "";
        Refusal = Judge(message, batch);
    }

    /// <summary>The messages of a record with what they inherit: itself, or those of its batch.</summary>
    public static (List<byte[]> Messages, Dictionary<string, JsonElement>? Batch) Split(byte[] record)
    {
        if (Parse(record) is not { ValueKind: JsonValueKind.Object } root)
            return ([record], null);
        var members = Members(root);
        if (!members.TryGetValue("batch", out var batch) || batch.ValueKind != JsonValueKind.Array)
            return ([record], null);
        return ([.. batch.EnumerateArray().Select(message => Encoding.UTF8.GetBytes(message.GetRawText()))], members);
    }

    private static void Inherit(Dictionary<string, JsonElement> members, IReadOnlyDictionary<string, JsonElement> batch)
    {
        if (members.TryGetValue("context", out var context) && (context.ValueKind != JsonValueKind.Object || !context.EnumerateObject().Any()))
            members.Remove("context");
        foreach (string name in new[] { "sentAt", "receivedAt", "context" })
        {
            if (batch.TryGetValue(name, out var value))
                members.TryAdd(name, value);
        }
    }

    private Refusal Judge(byte[] message, IReadOnlyDictionary<string, JsonElement>? batch)
    {
        if (message.Length > 32_768)
            return Refusal.TooLarge;
        if (Depth(message) > 64)
            return Refusal.TooDeep;
        if (Parse(message) is not { ValueKind: JsonValueKind.Object } root)
            return Refusal.NotJson;

        var members = Members(root);
        if (batch is not null)
            Inherit(members, batch);
        bool cloud = members.ContainsKey("specversion");
        string type = "track";
        if (!cloud)
        {
            type = Text(members, "type") ?? "";
            if (type is not ("track" or "page" or "screen" or "identify" or "group" or "alias"))
                return Refusal.NoType;
        }

        string? name = type == "track" ? Text(members, cloud ? "type" : "event") : null;
        if (type == "track" && string.IsNullOrEmpty(name))
            return Refusal.NoEventName;
        int index = type switch
        {
            "track" => model.Events.ToList().FindIndex(e => e.WireName == name),
            "page" or "screen" => model.Events.ToList().FindIndex(e => e.ShortName == type),
            _ => -1,
        };

        string user = Id(members, cloud ? "subject" : "userId"), anonymous = cloud ? "" : Id(members, "anonymousId"), previous = cloud ? "" : Id(members, "previousId");
        if (user == "" && anonymous == "")
            return Refusal.NoIdentity;
        string messageId = Text(members, cloud ? "id" : "messageId") ?? "";

        string[] ownTimes = cloud ? ["time", "sentAt"] : ["timestamp", "originalTimestamp", "sentAt"];
        foreach (string time in ownTimes.Append("receivedAt"))
        {
            if (members.TryGetValue(time, out var value) && Instant(value) is null)
                return Refusal.BadTimestamp;
        }

        long? own = ownTimes.Where(members.ContainsKey).Select(t => Instant(members[t])).FirstOrDefault();
        long? record = members.TryGetValue("receivedAt", out var received) ? Instant(received) : own;
        if (record is null)
            return Refusal.BadTimestamp;
        long timestamp = own ?? record.Value;

        string slots = "";
        string? container = type switch { "track" => cloud ? "data" : "properties", "page" or "screen" => "properties", "identify" or "group" => "traits", _ => null };
        if (container is not null && members.TryGetValue(container, out var content))
        {
            if (content.ValueKind != JsonValueKind.Object)
                return Refusal.BadProperty;
            var values = Members(content);
            foreach (var property in Declared(type, index))
            {
                string? text = values.TryGetValue(property.Name, out var value) ? Typed(value, property.Type) : "null";
                if (text is null)
                    return Refusal.BadProperty;
                slots += text + ";";
            }
        }

        string? channel = members.TryGetValue("context", out var context) && context.ValueKind == JsonValueKind.Object ? Text(Members(context), "channel") : null;
        if (string.IsNullOrEmpty(channel) && !cloud)
            channel = Text(members, "channel");
        Found = $"{type}|{index}|{user}|{anonymous}|{previous}|{messageId}|{record}|{timestamp}|{(channel == "" ? null : channel)}|{slots}";
        return timestamp - record > 24 * 3_600_000L ? Refusal.Future : Refusal.None;
    }

    private IEnumerable<PropertyDefinition> Declared(string type, int index) => type switch
    {
        "identify" => model.Traits.Where(t => !t.Name.StartsWith("group.", StringComparison.Ordinal)),
        "group" => model.Traits.Where(t => t.Name.StartsWith("group.", StringComparison.Ordinal)).Select(t => t with { Name = t.Name[6..] }),
        _ => index < 0 ? [] : model.Events[index].Properties,
    };

    private static string? Typed(JsonElement value, PropertyType type) => (type, value.ValueKind) switch
    {
        (PropertyType.String, JsonValueKind.String) => "s" + value.GetString(),
        (PropertyType.Bool, JsonValueKind.True) => "true",
        (PropertyType.Bool, JsonValueKind.False) => "false",
        (PropertyType.Double, JsonValueKind.Number) => "d" + BitConverter.DoubleToInt64Bits(double.Parse(value.GetRawText(), CultureInfo.InvariantCulture)),
        (PropertyType.Int, JsonValueKind.Number) => Whole(value.GetRawText()) is { } whole ? "i" + whole : null,
        (PropertyType.Timestamp, JsonValueKind.String) => Instant(value) is { } instant ? "t" + instant : null,
        _ => null,
    };

    private static long? Whole(string text)
    {
        var match = NumberParts().Match(text);
        string fraction = match.Groups[2].Value;
        var mantissa = BigInteger.Parse(match.Groups[1].Value + fraction, CultureInfo.InvariantCulture);
        if (mantissa.IsZero)
            return 0;
        var exponent = (match.Groups[3].Length == 0 ? 0 : BigInteger.Parse(match.Groups[3].Value.TrimStart('+'), CultureInfo.InvariantCulture)) - fraction.Length;
        if (BigInteger.Abs(exponent) > 40_000)
            return null;
        var scale = BigInteger.Pow(10, (int)BigInteger.Abs(exponent));
        if (exponent < 0 && mantissa % scale != 0)
            return null;
        var value = exponent < 0 ? mantissa / scale : mantissa * scale;
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }

    private static string? Text(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Id(Dictionary<string, JsonElement> members, string name) => members.TryGetValue(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.ValueKind == JsonValueKind.Number && value.GetRawText().IndexOfAny(['.', 'e', 'E']) < 0 ? value.GetRawText()
        : ""
        : "";

    /// <summary>The last of repeated members, without nulls.</summary>
    private static Dictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in value.EnumerateObject())
            members[member.Name] = member.Value;
        return members.Where(m => m.Value.ValueKind != JsonValueKind.Null).ToDictionary();
    }

    private static long? Instant(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        var match = Timestamp().Match(value.GetString()!);
        if (!match.Success)
            return null;
        int[] parts = [.. Enumerable.Range(1, 6).Select(i => int.Parse(match.Groups[i].Value, CultureInfo.InvariantCulture))];
        if (parts[0] < 1 || parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(parts[0], parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
            return null;
        int milliseconds = int.Parse((match.Groups[7].Value + "000")[..3], CultureInfo.InvariantCulture);
        var local = new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], milliseconds, DateTimeKind.Utc);
        int offset = 0;
        if (match.Groups[8].Value != "Z")
        {
            int hours = int.Parse(match.Groups[8].Value[1..3], CultureInfo.InvariantCulture), minutes = int.Parse(match.Groups[8].Value[4..], CultureInfo.InvariantCulture);
            if (hours > 23 || minutes > 59)
                return null;
            offset = ((hours * 60) + minutes) * (match.Groups[8].Value[0] == '-' ? -1 : 1);
        }

        return new DateTimeOffset(local).ToUnixTimeMilliseconds() - (offset * 60_000L);
    }

    private static int Depth(byte[] message)
    {
        int depth = 0, deepest = 0;
        bool inString = false, escaped = false;
        foreach (byte b in message)
        {
            if (escaped)
                escaped = false;
            else if (inString)
                (inString, escaped) = (b != '"', b == '\\');
            else if (b == '"')
                inString = true;
            else
                depth += b is (byte)'{' or (byte)'[' ? 1 : b is (byte)'}' or (byte)']' ? -1 : 0;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    private static JsonElement? Parse(byte[] message)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(message);
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 1000 });
            Touch(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no text, a lone surrogate.
            return null;
        }
    }

    /// <summary>Reads every string, so that one which is no text is found.</summary>
    private static void Touch(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            value.GetString();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
                Touch(element);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                _ = member.Name;
                Touch(member.Value);
            }
        }
    }

    [GeneratedRegex(@"^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)\z", RegexOptions.ECMAScript)]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$", RegexOptions.ECMAScript)]
    private static partial Regex NumberParts();
}
