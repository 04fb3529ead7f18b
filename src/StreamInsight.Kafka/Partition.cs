using System.Globalization;

namespace StreamInsight.Kafka;

/// <summary>A partition's name in positions: <c>topic/partition</c>.</summary>
internal static class Partition
{
    public static string Name(string topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}");

    /// <summary>Topic and partition of a name; a name without a number (<c>log</c>) is a topic's partition 0.</summary>
    public static (string Topic, int Partition) Read(string name)
    {
        int slash = name.LastIndexOf('/');
        return slash > 0 && int.TryParse(name.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
            ? (name[..slash], partition)
            : (name, 0);
    }
}
