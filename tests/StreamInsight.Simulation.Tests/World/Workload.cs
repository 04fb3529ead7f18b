using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamInsight.Events;
using StreamInsight.Oracle.Comparison;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Simulation.World;

/// <summary>A random model, and for each partition of the broker a random log of customers of its own.</summary>
public sealed partial record Workload(string Yaml, CompiledModel Model, IReadOnlyList<SimulatedPartition> Partitions)
{
    public long FirstMs => Partitions.SelectMany(p => p.Records).Select(r => r.RecordTimeMs).DefaultIfEmpty(TimeScale.StartMs).Min();

    public long LastMs => Partitions.SelectMany(p => p.Records).Select(r => r.RecordTimeMs).DefaultIfEmpty(TimeScale.StartMs).Max();

    public static Workload Random(Prng random)
    {
        TimeScale scale = TimeScale.Random(random);
        string yaml = ModelGenerator.Model(random, scale);
        CompiledModel model = EngineUnderTest.Compile(yaml);
        var partitions = new List<SimulatedPartition>();
        for (int count = random.Pick([1, 1, 2, 3]); partitions.Count < count;)
        {
            List<SimulatedRecord> records = Records(model.Events, LogGenerator.Log(random, scale), partitions.Count);
            // A log that begins in another month would only make the others wait.
            if (partitions.Count > 0 && Math.Abs(records[0].RecordTimeMs - partitions[0].Records[0].RecordTimeMs) > 86_400_000L)
                continue;
            partitions.Add(new SimulatedPartition($"sim/{partitions.Count}", records, random.Pick([0L, 0L, 3L, 100L, 1000L])));
        }
        return new(yaml, model, partitions);
    }

    private static List<SimulatedRecord> Records(EventSchema schema, List<byte[]> lines, int partition)
    {
        var records = new List<SimulatedRecord>();
        var reader = new RecordReader(schema);
        var message = new CustomerEvent();
        long recordTimeMs = TimeScale.StartMs;
        bool isFirst = true;
        foreach (byte[] line in lines.Where(line => !RecordReader.IsBlank(line)))
        {
            reader.Begin(line, RecordSource.File);
            while (reader.Next(message))
            {
                if (message.IsDecoded)
                    recordTimeMs = isFirst ? message.RecordTimeMs : Math.Max(recordTimeMs, message.RecordTimeMs);
                isFirst &= !message.IsDecoded;
            }
            // The broker's time is the record time: live it stands beside the record, in a file within it.
            string text = Own(ReceivedAt().Replace(Encoding.UTF8.GetString(line), ""), partition);
            records.Add(new(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(WithTime(text, recordTimeMs)), recordTimeMs));
        }
        return records;
    }

    /// <summary>Customers of a partition are in no other.</summary>
    private static string Own(string text, int partition) => partition == 0
        ? text
        : Id().Replace(text, match => match.Groups[2].Value[0] == '"'
            ? $"{match.Groups[1].Value}{match.Groups[2].Value[..^1]}-{partition.ToString(CultureInfo.InvariantCulture)}\""
            : $"{match.Value}{partition.ToString(CultureInfo.InvariantCulture)}");

    private static string WithTime(string text, long recordTimeMs)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.EnumerateObject().Any())
                return text;
        }
        catch (JsonException)
        {
            return text;   // refused before its time is asked for
        }
        string at = DateTimeOffset.FromUnixTimeMilliseconds(recordTimeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return $"{text.TrimEnd()[..^1]},\"receivedAt\":\"{at}\"}}";
    }

    [GeneratedRegex(",\"receivedAt\":\"[^\"]*\"")]
    private static partial Regex ReceivedAt();

    [GeneratedRegex("""("(?:userId|anonymousId|previousId|subject)":)("[^"\\]+"|5)""")]
    private static partial Regex Id();
}
