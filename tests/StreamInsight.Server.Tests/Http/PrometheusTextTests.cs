using System.Diagnostics.Metrics;
using StreamInsight.Server.Http;
using Xunit;

namespace StreamInsight.Server.Tests.Http;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new("test");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void An_observed_counter_shows_what_it_is_however_often_it_is_asked_by_each_of_its_tags()
    {
        _meter.CreateObservableCounter("outcomes", () => new[]
        {
            new Measurement<long>(7, new("action", "upgrade"), new KeyValuePair<string, object?>("outcome", "shown")),
            new Measurement<long>(2, new("action", "upgrade"), new KeyValuePair<string, object?>("outcome", "accepted")),
        });
        using var text = new PrometheusText(_meter);
        string first = text.Write();
        Assert.Contains("outcomes_total{action=\"upgrade\",outcome=\"shown\"} 7\n", first, StringComparison.Ordinal);
        Assert.Contains("outcomes_total{action=\"upgrade\",outcome=\"accepted\"} 2\n", first, StringComparison.Ordinal);
        Assert.Contains("outcomes_total{action=\"upgrade\",outcome=\"shown\"} 7\n", text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_counter_that_is_counted_adds_up()
    {
        Counter<long> events = _meter.CreateCounter<long>("events");
        using var text = new PrometheusText(_meter);
        events.Add(3, new KeyValuePair<string, object?>("source", "kafka"));
        events.Add(4, new KeyValuePair<string, object?>("source", "kafka"));
        Assert.Contains("events_total{source=\"kafka\"} 7\n", text.Write(), StringComparison.Ordinal);
    }
}
