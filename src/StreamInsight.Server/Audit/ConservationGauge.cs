using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StreamInsight.Server.Audit;

/// <summary>The metric of conservation, by segment. Any thread.</summary>
internal sealed class ConservationGauge
{
    private readonly ConcurrentDictionary<string, long> _differences = new(StringComparer.Ordinal);

    public ConservationGauge(CompiledModel model, Meter meter)
    {
        foreach (string segment in model.Segments.Select(segment => segment.Name))
            _differences[segment] = 0;
        meter.CreateObservableGauge(
            "streaminsight_conservation_difference", () => _differences.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("segment", pair.Key))), null,
            "Of a segment: entered minus left minus members, as stored; on several nodes, of the partitions of this one. Anything but 0 is a bug or a damaged store.");
    }

    /// <summary>The model's segments.</summary>
    public IEnumerable<string> Segments => _differences.Keys;

    public long this[string segment]
    {
        set => _differences[segment] = value;
    }
}
