using System.Diagnostics.Metrics;

namespace StreamInsight.Webhooks;

/// <summary>The instruments of webhooks, each by subscriber. Any thread.</summary>
public sealed class WebhookMetrics
{
    private readonly Counter<long> _sent, _failed, _expired, _undelivered;

    /// <param name="channels">Every subscriber's, once they are made.</param>
    public WebhookMetrics(Meter meter, Func<IReadOnlyList<WebhookChannel>> channels)
    {
        _sent = meter.CreateCounter<long>("streaminsight_webhook_sent", null, "Triggers a subscriber has taken (2xx).");
        _failed = meter.CreateCounter<long>("streaminsight_webhook_failed_requests", null, "Requests a subscriber did not take; most are tried again.");
        _expired = meter.CreateCounter<long>("streaminsight_webhook_expired", null, "Triggers not sent because they were older than their max_age.");
        _undelivered = meter.CreateCounter<long>("streaminsight_webhook_undelivered", null, "Triggers given up and kept as undelivered.");
        meter.CreateObservableGauge("streaminsight_webhook_breaker", () => channels().Select(channel => Of((long)channel.State, channel)), null,
            "0 = posted to, 1 = one request tries, 2 = left alone for a while, 3 = gone (410) until restart.");
        meter.CreateObservableGauge("streaminsight_webhook_behind_facts", () => channels().Select(channel => Of(channel.Behind, channel)), null,
            "Committed facts that were not looked at for a subscriber yet.");
    }

    internal void StartAtZero(string subscriber)
    {
        foreach (Counter<long> counter in (Counter<long>[])[_sent, _failed, _expired, _undelivered])
            counter.Add(0, Tag(subscriber));
    }

    internal void Sent(string subscriber) => _sent.Add(1, Tag(subscriber));

    internal void Failed(string subscriber) => _failed.Add(1, Tag(subscriber));

    internal void Expired(string subscriber) => _expired.Add(1, Tag(subscriber));

    internal void Undelivered(string subscriber) => _undelivered.Add(1, Tag(subscriber));

    private static Measurement<long> Of(long value, WebhookChannel channel) => new(value, Tag(channel.Subscriber));

    private static KeyValuePair<string, object?> Tag(string subscriber) => new("subscriber", subscriber);
}
