using System.Text;
using System.Text.Json;

namespace StreamInsight.Server.Http;

/// <summary>What a decision is asked with.</summary>
/// <param name="Decision">Its id; made up where the request names none.</param>
internal sealed record DecideBody(string Customer, string Channel, string Decision, int? Top)
{
    private const int MaxTop = 100;
    private const int MaxIdBytes = 1024;

    /// <summary>All faults at once, or the body. JSON: <c>{"customer":"u1","channel":"voice","top":3,"decision":"…"}</c>; <c>userId</c> is taken for <c>customer</c> too.</summary>
    public static (DecideBody? Body, string? Fault) Read(byte[] body, IReadOnlyList<string> channels)
    {
        JsonElement root;
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body);
            root = parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return (null, "The body is not JSON in UTF-8.");
        }
        if (root.ValueKind != JsonValueKind.Object)
            return (null, "The body is no JSON object.");

        var faults = new List<string>();
        string? customer = Text(root, "customer") ?? Text(root, "userId");
        string? channel = Text(root, "channel");
        string? decision = Text(root, "decision");
        int? top = null;
        if (customer is null || Encoding.UTF8.GetByteCount(customer) > MaxIdBytes)
            faults.Add($"customer: a text of 1 to {MaxIdBytes} bytes is needed");
        if (channel is null || !channels.Contains(channel))
            faults.Add($"channel: {channel ?? "nothing"} is given; allowed is {string.Join(", ", channels)}");
        if (decision is null ? root.TryGetProperty("decision", out JsonElement id) && id.ValueKind != JsonValueKind.Null : decision.Length > 128)
            faults.Add("decision: a text of 1 to 128 characters is allowed");
        if (root.TryGetProperty("top", out JsonElement most) && most.ValueKind != JsonValueKind.Null)
        {
            if (most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out int number) && number is >= 1 and <= MaxTop)
                top = number;
            else
                faults.Add($"top: a whole number from 1 to {MaxTop} is allowed");
        }
        return faults.Count > 0 ? (null, string.Join("; ", faults) + ".") : (new DecideBody(customer!, channel!, decision ?? Guid.CreateVersion7().ToString(), top), null);
    }

    private static string? Text(JsonElement root, string name)
    {
        try
        {
            return root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a text that is no text: half a surrogate pair
        }
    }
}
