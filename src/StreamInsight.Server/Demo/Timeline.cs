using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace StreamInsight.Server.Demo;

/// <summary>
/// What has been written into the future: scripts say what a customer does when, in any order; messages come out by time of arrival. Some arrive late, twice or
/// broken (<see cref="Mishaps"/>).
/// </summary>
internal sealed class Timeline(Mishaps? mishaps)
{
    private readonly PriorityQueue<SimulatedMessage, (long AtMs, long Order)> _pending = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private Utf8JsonWriter? _json;
    private long _order;
    private long _messages;

    /// <summary>Arrival of the earliest message; <see cref="long.MaxValue"/> = there is none.</summary>
    public long NextMs => _pending.TryPeek(out _, out var priority) ? priority.AtMs : long.MaxValue;

    public SimulatedMessage Take() => _pending.Dequeue();

    /// <summary>A track call; from the store's tills as a CloudEvent.</summary>
    public void Track(SimulatedCustomer who, long atMs, string channel, string name, params ReadOnlySpan<Property> properties)
    {
        if (channel == "store" && who.UserId is not null)
            CloudEvent(who, atMs, name, properties);
        else
        {
            var json = Begin("track", who, atMs);
            json.WriteString("event", name);
            WriteObject(json, "properties", properties);
            End(who, atMs, channel);
        }
    }

    /// <summary>A page call (web) or screen call (app).</summary>
    public void Page(SimulatedCustomer who, long atMs, string channel, string name)
    {
        var json = Begin(channel == "app" ? "screen" : "page", who, atMs);
        json.WriteString("name", name);
        End(who, atMs, channel);
    }

    public void Identify(SimulatedCustomer who, long atMs, string channel, params ReadOnlySpan<Property> traits)
    {
        var json = Begin("identify", who, atMs);
        WriteObject(json, "traits", traits);
        End(who, atMs, channel);
    }

    /// <summary>Says that <paramref name="previousId"/> has been this customer all along.</summary>
    public void Alias(SimulatedCustomer who, long atMs, string previousId)
    {
        var json = Begin("alias", who, atMs);
        json.WriteString("previousId", previousId);
        End(who, atMs, "web");
    }

    /// <summary>The state of a queue of the contact centre. It concerns no customer, and comes on time and whole.</summary>
    public void Queue(long atMs, string queue, int waiting, double longestWait, double serviceLevel, int agentsFree)
    {
        var json = Open();
        json.WriteString("type", "track");
        json.WriteString("messageId", MessageId());
        json.WriteString("timestamp", Stamp(atMs));
        json.WriteString("event", "Queue Updated");
        WriteObject(json, "properties",
        [
            new Property("queue", queue), new Property("waiting", waiting), new Property("longest_wait", longestWait), new Property("service_level", serviceLevel),
            new Property("agents_free", agentsFree),
        ]);
        json.WriteStartObject("context");
        json.WriteString("channel", "voice");
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        Add(new SimulatedMessage(atMs, $"queue:{queue}", _buffer.WrittenSpan.ToArray()));
    }

    private void CloudEvent(SimulatedCustomer who, long atMs, string name, ReadOnlySpan<Property> properties)
    {
        var json = Open();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", MessageId());
        json.WriteString("source", "/stores/tills");
        json.WriteString("type", name);
        json.WriteString("subject", who.UserId);
        json.WriteString("time", Stamp(atMs));
        WriteObject(json, "data", properties);
        End(who, atMs, "store");
    }

    private Utf8JsonWriter Begin(string type, SimulatedCustomer who, long atMs)
    {
        var json = Open();
        json.WriteString("type", type);
        json.WriteString("messageId", MessageId());
        if (who.UserId is not null)
            json.WriteString("userId", who.UserId);
        if (who.AnonymousId is not null)
            json.WriteString("anonymousId", who.AnonymousId);
        json.WriteString("timestamp", Stamp(atMs));
        return json;
    }

    private void End(SimulatedCustomer who, long atMs, string channel)
    {
        _json!.WriteStartObject("context");
        _json.WriteString("channel", channel);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        var message = new SimulatedMessage(atMs, who.Key, _buffer.WrittenSpan.ToArray());
        if (mishaps is null)
            Add(message);
        else
            mishaps.Pass(message, Add);
    }

    private void Add(SimulatedMessage message) => _pending.Enqueue(message, (message.ArrivesAtMs, _order++));

    private Utf8JsonWriter Open()
    {
        _buffer.ResetWrittenCount();
        if (_json is null)
            _json = new Utf8JsonWriter(_buffer);
        else
            _json.Reset(_buffer);
        _json.WriteStartObject();
        return _json;
    }

    private string MessageId() => "m-" + (++_messages).ToString("x8", CultureInfo.InvariantCulture);

    private static void WriteObject(Utf8JsonWriter json, string name, ReadOnlySpan<Property> properties)
    {
        json.WriteStartObject(name);
        foreach (var property in properties)
            property.Write(json);
        json.WriteEndObject();
    }

    internal static string Stamp(long atMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(atMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
