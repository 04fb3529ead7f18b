using System.Diagnostics.Metrics;
using StreamInsight.Pipeline;

namespace StreamInsight.Server.Demo;

/// <summary>Reads the counters the service keeps for its metrics: messages applied, refused by reason, triggers that came too late. Any thread.</summary>
internal sealed class DemoMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _refused = [];
    private long _events;
    private long _refusals;

    /// <param name="metrics">Of the service to listen to; another service in this process does not count.</param>
    public DemoMeter(PipelineMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == metrics.Meter && instrument.Name is "streaminsight_events" or "streaminsight_refused_events")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument.Name, value, tags));
        _listener.Start();
    }

    /// <summary>Messages taken in and applied or refused.</summary>
    public long Events => Interlocked.Read(ref _events);

    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>By reason, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Refused()
    {
        lock (_lock)
            return [.. _refused.OrderByDescending(reason => reason.Value)];
    }

    public void Dispose() => _listener.Dispose();

    private void Count(string name, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (value == 0)
            return; // an announcement that the counter exists
        if (name == "streaminsight_events")
        {
            Interlocked.Add(ref _events, value);
            return;
        }
        Interlocked.Add(ref _refusals, value);
        foreach (var tag in tags)
        {
            if (tag is not { Key: "reason", Value: string reason })
                continue;
            lock (_lock)
                _refused[reason] = _refused.GetValueOrDefault(reason) + value;
        }
    }
}
