using System.Diagnostics.Metrics;

namespace StreamInsight.Redis;

/// <summary>How routing records are kept warm, over all partitions of a process. Any thread.</summary>
public sealed class WarmMetrics
{
    private readonly Counter<long> _refreshed;
    private readonly HashSet<WarmRecords> _records = [];

    public WarmMetrics(Meter meter)
    {
        _refreshed = meter.CreateCounter<long>("streaminsight_routing_refreshed_records", null, "Routing records written again because they still hold.");
        meter.CreateObservableGauge("streaminsight_routing_overdue_records", Overdue, null, "Routing records that should have been written again by now; those that go stale are taken for missing.");
    }

    internal void Refreshed(int records) => _refreshed.Add(records);

    internal void Add(WarmRecords records)
    {
        lock (_records)
            _records.Add(records);
    }

    internal void Remove(WarmRecords records)
    {
        lock (_records)
            _records.Remove(records);
    }

    private long Overdue()
    {
        lock (_records)
            return _records.Sum(records => records.Overdue);
    }
}
