using System.Globalization;
using System.Text;
using StreamInsight.Definitions;

namespace StreamInsight.Bench.Touch;

/// <summary>
/// A model of many segments of which every event touches <see cref="Touched"/>: each event name has a count and a sum of its own, and that many segments over them.
/// </summary>
internal sealed class TouchModel
{
    public const int Touched = 5;

    private const long StepMs = 5_000;

    public TouchModel(int segments)
    {
        Names = segments / Touched;
        var faults = new List<ModelFault>();
        ModelDefinition? definition = ModelReader.Read(Text(Names), faults);
        Model = definition is null ? null! : CompiledModel.Compile(definition, faults)!;
        if (Model is null)
            throw new InvalidOperationException(string.Join('\n', faults));
    }

    public CompiledModel Model { get; }

    /// <summary>Event names; each is of as many segments.</summary>
    public int Names { get; }

    /// <summary>Messages five seconds apart, each of a customer and an event name drawn from a seed.</summary>
    public byte[] Log(int events, int customers, int seed)
    {
        var random = new Random(seed);
        var log = new StringBuilder();
        DateTime start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (int i = 0; i < events; i++)
        {
            string at = start.AddMilliseconds(i * StepMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            log.Append(CultureInfo.InvariantCulture, $"{{\"type\":\"track\",\"event\":\"Event {random.Next(Names)}\",\"messageId\":\"m{i}\",\"userId\":\"u{random.Next(customers)}\",");
            log.Append(CultureInfo.InvariantCulture, $"\"timestamp\":\"{at}\",\"receivedAt\":\"{at}\",\"properties\":{{\"amount\":{random.Next(1, 100)}}}}}\n");
        }

        return Encoding.UTF8.GetBytes(log.ToString());
    }

    private static string Text(int names)
    {
        var events = new StringBuilder("model: touch\nversion: 1\nevents:\n");
        var features = new StringBuilder("features:\n");
        var segments = new StringBuilder("segments:\n");
        for (int n = 0; n < names; n++)
        {
            events.Append(CultureInfo.InvariantCulture, $"  e{n}: {{ name: \"Event {n}\", properties: {{ amount: double }} }}\n");
            features.Append(CultureInfo.InvariantCulture, $"  count_{n}: {{ count: e{n}, window: 7d }}\n  sum_{n}: {{ sum: e{n}.amount, window: 1d }}\n");
            segments.Append(CultureInfo.InvariantCulture, $"  many_{n}: {{ when: features.count_{n} >= 6 }}\n  more_{n}: {{ when: features.count_{n} >= 8, exit: features.count_{n} < 7 }}\n");
            segments.Append(CultureInfo.InvariantCulture, $"  rich_{n}: {{ when: features.sum_{n} >= 60.0 }}\n  richer_{n}: {{ when: features.sum_{n} >= 120.0, exit: features.sum_{n} < 100.0 }}\n");
            segments.Append(CultureInfo.InvariantCulture, $"  both_{n}: {{ when: \"segments.many_{n} && features.sum_{n} > 30.0\" }}\n");
        }

        return events.Append(features).Append(segments).ToString();
    }
}
