using System.Diagnostics.Metrics;
using StreamInsight.Pipeline;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Service;

/// <summary>The subscribers of this process, and what could not be brought to them.</summary>
internal sealed class WebhookService : IDisposable
{
    private readonly WebhookMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public WebhookService(IReadOnlyList<Subscriber> subscribers, WebhookOptions? options, IUndelivered undelivered, Meter meter, TimeProvider time, ILogger log)
    {
        (Undelivered, _time, _log) = (undelivered, time, log);
        if (subscribers.Count == 0)
            return;
        _metrics = new WebhookMetrics(meter, () => Channels);
        Channels = [.. subscribers.Select(subscriber => new WebhookChannel(subscriber, options!, _metrics, time, log))];
    }

    public IReadOnlyList<WebhookChannel> Channels { get; } = [];

    public IUndelivered Undelivered { get; }

    /// <summary>A sink for each subscriber, for one pipeline.</summary>
    public IEnumerable<IFactSink> NewSinks() => Channels.Select(channel => new WebhookSink(channel, Undelivered, _metrics!, _time, _log));

    public void Dispose()
    {
        foreach (WebhookChannel channel in Channels)
            channel.Dispose();
    }
}
