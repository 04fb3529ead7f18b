using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StreamInsight.Server.Audit;

/// <summary>A metric that has a value for each segment, once it was looked at. Any thread.</summary>
internal sealed class SegmentGauge
{
    private readonly ConcurrentDictionary<string, long> _values = new(StringComparer.Ordinal);

    private SegmentGauge(Meter meter, string name, string description) =>
        meter.CreateObservableGauge(name, () => _values.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("segment", pair.Key))), null, description);

    public long this[string segment]
    {
        set => _values[segment] = value;
    }

    /// <summary>entered − left − members; 0 until something else was found.</summary>
    public static SegmentGauge OfConservation(Meter meter, CompiledModel model)
    {
        var gauge = new SegmentGauge(
            meter, "streaminsight_conservation_difference",
            "Of a segment: entered minus left minus members, as stored; on several nodes, of the partitions of this one. Anything but 0 is a bug or a damaged store.");
        foreach (string segment in model.Segments.Select(segment => segment.Name))
            gauge[segment] = 0;
        return gauge;
    }

    /// <summary>Members in Redis − members stored.</summary>
    public static SegmentGauge OfRedis(Meter meter) =>
        new(meter, "streaminsight_redis_difference", "Of a segment: members in Redis minus members stored, when Redis had taken all facts; on several nodes, of all partitions, told by one of the nodes.");
}
