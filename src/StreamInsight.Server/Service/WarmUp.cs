using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.State;

namespace StreamInsight.Server.Service;

/// <summary>
/// Runs made-up messages of the model through decoder, engine and codec before the first real one comes, so that the just-in-time compiler has seen the hot path:
/// cold, the first messages take a hundred times as long. Touches nothing but its own customers, which nobody ever sees.
/// </summary>
internal static class WarmUp
{
    private const int MaxEvents = 40;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(300);

    public static void Run(CompiledModel model)
    {
        long started = Stopwatch.GetTimestamp();
        const long FirstMs = 1_700_000_000_000;
        var reader = new RecordReader(model.Events);
        var engine = new CustomerEngine(model);
        var message = new CustomerEvent();
        var facts = new List<Fact>();
        var state = new StateWriter();
        var line = new ArrayBufferWriter<byte>();
        byte[][] messages = [.. Messages(model.Definition)];
        for (int round = 0; round < 60 && Stopwatch.GetElapsedTime(started) < Longest; round++)
        {
            CustomerState customer = engine.Create("warm-up", FirstMs);
            for (int i = 0; i < messages.Length; i++)
            {
                reader.Begin(messages[i], RecordSource.At(FirstMs + 1000L * i));
                while (reader.Next(message))
                    engine.Apply(customer, message, new SourcePosition(SourcePosition.Log, i, -1), facts);
            }
            engine.Advance(customer, FirstMs + 3_600_000, facts);
            state.Clear();
            StateCodec.Encode(customer, model, state);
            StateCodec.Decode(state.Written, model);
            foreach (Fact fact in facts)
            {
                line.ResetWrittenCount();
                FactWriter.Write(fact, line);
                FactWriter.Id(fact);
            }
            facts.Clear();
        }
    }

    private static IEnumerable<byte[]> Messages(ModelDefinition model)
    {
        foreach (EventDefinition declared in model.Events.Take(MaxEvents))
            yield return Message($"\"type\":\"track\",\"event\":{Json(declared.WireName)},\"properties\":{{{Members(declared.Properties)}}}");
        yield return Message($"\"type\":\"identify\",\"traits\":{{{Members(model.Traits.Where(trait => !trait.Name.Contains('.')))}}}");
        yield return Message("\"type\":\"page\",\"name\":\"home\"");
    }

    private static byte[] Message(string members) => Encoding.UTF8.GetBytes($"{{\"userId\":\"warm-up\",\"context\":{{\"channel\":\"web\"}},{members}}}");

    private static string Members(IEnumerable<PropertyDefinition> properties) => string.Join(',', properties.Select(property => $"{Json(property.Name)}:{Value(property.Type)}"));

    private static string Value(PropertyType type) => type switch
    {
        PropertyType.Int => "7",
        PropertyType.Double => 49.9.ToString(CultureInfo.InvariantCulture),
        PropertyType.Bool => "true",
        PropertyType.Timestamp => "\"2023-11-14T00:00:00Z\"",
        _ => "\"x\"",
    };

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
