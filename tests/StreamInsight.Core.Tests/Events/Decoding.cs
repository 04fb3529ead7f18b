using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Expressions;

namespace StreamInsight.Tests.Events;

/// <summary>A small model and short ways to decode a text with it.</summary>
internal static class Decoding
{
    public static readonly ModelDefinition Model = new()
    {
        Name = "test",
        Version = 1,
        Events =
        [
            Event("order", "Order Completed", ("total", PropertyType.Double), ("items", PropertyType.Int), ("category", PropertyType.String), ("gift", PropertyType.Bool), ("due", PropertyType.Timestamp)),
            Event("call", "Call Started"),
            Event("page", "page", ("path", PropertyType.String)),
            Event("screen", "screen"),
            Event("quoted", "a \"quoted\" näme"),
        ],
        Traits =
        [
            new PropertyDefinition("tier", PropertyType.String, default),
            new PropertyDefinition("nps", PropertyType.Int, default),
            new PropertyDefinition("group.seats", PropertyType.Int, default),
        ],
    };

    public static CustomerEvent File(string message) => One(message, RecordSource.File);

    /// <summary>Decodes a track of u1 at noon with <paramref name="members"/> added, as a file record.</summary>
    public static CustomerEvent Track(string members) =>
        File("""{"type":"track","event":"Order Completed","userId":"u1","timestamp":"2026-03-01T12:00:00Z",""" + members + "}");

    public static CustomerEvent One(string message, RecordSource source) => One(Encoding.UTF8.GetBytes(message), source);

    public static CustomerEvent One(byte[] message, RecordSource source)
    {
        var target = new CustomerEvent();
        new MessageDecoder(new EventSchema(Model)).Decode(message, default, source, target);
        return target;
    }

    public static List<CustomerEvent> All(string record) => All(Encoding.UTF8.GetBytes(record));

    public static List<CustomerEvent> All(byte[] record)
    {
        var reader = new RecordReader(new EventSchema(Model));
        var events = new List<CustomerEvent>();
        reader.Begin(record, RecordSource.File);
        for (var next = new CustomerEvent(); reader.Next(next); next = new CustomerEvent())
            events.Add(next);
        return events;
    }

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    public static long Ms(string iso) => DateTimeOffset.Parse(iso, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>A declared property of <see cref="Model"/>'s order, by name.</summary>
    public static Value Property(CustomerEvent e, string name)
    {
        var properties = Model.Events[e.EventIndex].Properties;
        return e.Properties[properties.ToList().FindIndex(p => p.Name == name)];
    }

    private static EventDefinition Event(string shortName, string wireName, params (string Name, PropertyType Type)[] properties) =>
        new(shortName, wireName, [.. properties.Select(p => new PropertyDefinition(p.Name, p.Type, default))], default);
}
