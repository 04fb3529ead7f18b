using System.Diagnostics.Metrics;
using System.Text;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>GET /metrics</c>: the instruments of one meter in the Prometheus text format, and those of a library's meter, as it names them. Listens from the moment it is made.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <param name="library">Name of the library's meter; null = none.</param>
    public PrometheusText(Meter meter, string? library = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter) && (library is null || instrument.Meter.Name != library))
                return;
            MetricFamily family = MetricFamily.For(instrument);
            lock (_gate)
                family = _families.TryAdd(family.Name, family) ? family : _families[family.Name];
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    public void Map(WebApplication app, ApiKeys keys) => app.MapGet("/metrics", async context =>
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Read))
            return;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(Write());
    });

    public string Write()
    {
        var text = new StringBuilder(16 * 1024);
        lock (_gate)
        {
            foreach (MetricFamily family in _families.Values)
                family.Begin();
            _listener.RecordObservableInstruments();
            foreach (MetricFamily family in _families.Values)
                family.Write(text);
        }
        ProcessMetrics.Write(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();
}
