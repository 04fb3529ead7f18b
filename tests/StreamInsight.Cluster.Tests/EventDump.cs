using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace StreamInsight.Cluster.Tests;

/// <summary>The events topic as a file for <c>replay</c>: ordered by record time, partition, offset, each record with its time as <c>receivedAt</c>.</summary>
public sealed class EventDump
{
    private readonly List<(long TimeMs, int Partition, long Offset, byte[] Json)> _records = [];

    public void Take(ConsumeResult<Ignore, byte[]> record) =>
        _records.Add((record.Message.Timestamp.UnixTimestampMs, record.Partition.Value, record.Offset.Value, record.Message.Value));

    /// <summary>Returns how many.</summary>
    public int Write(string file)
    {
        _records.Sort((a, b) => (a.TimeMs, a.Partition, a.Offset).CompareTo((b.TimeMs, b.Partition, b.Offset)));
        using StreamWriter writer = new(file);
        foreach (var record in _records)
            writer.WriteLine($"{Encoding.UTF8.GetString(record.Json).TrimEnd()[..^1]},\"receivedAt\":\"{Instant(record.TimeMs)}\"}}");
        return _records.Count;
    }

    public static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
