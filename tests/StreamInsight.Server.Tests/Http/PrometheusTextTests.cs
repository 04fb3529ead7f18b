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
    public void Instruments_of_the_same_name_are_one_metric()
    {
        foreach (int waiting in (int[])[3, 4])
            _meter.CreateObservableGauge("waiting", () => waiting);
        using var text = new PrometheusText(_meter);
        foreach (int _ in (int[])[1, 2])
            _meter.CreateCounter<long>("done").Add(5);
        text.Write();
        string written = text.Write();
        Assert.Contains("\nwaiting 7\n", written, StringComparison.Ordinal);
        Assert.Contains("\ndone_total 10\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_may_be_a_number()
    {
        _meter.CreateObservableGauge("owned", () => new[] { new Measurement<int>(1, new KeyValuePair<string, object?>("partition", 3)), new Measurement<int>(1, new KeyValuePair<string, object?>("partition", 4)) });
        using var text = new PrometheusText(_meter);
        string written = text.Write();
        Assert.Contains("owned{partition=\"3\"} 1\n", written, StringComparison.Ordinal);
        Assert.Contains("owned{partition=\"4\"} 1\n", written, StringComparison.Ordinal);
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
