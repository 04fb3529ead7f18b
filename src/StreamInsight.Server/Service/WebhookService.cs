using System.Diagnostics.Metrics;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Service;

/// <summary>A sink for each subscriber, and what could not be brought to them.</summary>
internal sealed class WebhookService
{
    public WebhookService(IReadOnlyList<Subscriber> subscribers, InsightOptions options, SqliteFile file, Meter meter, TimeProvider time, ILogger log)
    {
        Undelivered = new SqliteUndelivered(file, options.Worker.DeadLettersKept);
        if (subscribers.Count == 0)
            return;
        var metrics = new WebhookMetrics(meter, () => Sinks);
        var kept = new Kept(Undelivered);
        Sinks = [.. subscribers.Select(subscriber => new WebhookSink(subscriber, options.Webhooks!, kept, metrics, time, log))];
    }

    public IReadOnlyList<WebhookSink> Sinks { get; } = [];

    public SqliteUndelivered Undelivered { get; }

    private sealed class Kept(SqliteUndelivered store) : IUndelivered
    {
        public void Keep(UndeliveredFact fact) => store.Keep(fact.Subscriber, fact.FactId, fact.Customer, fact.Reason, fact.AtMs, fact.Line);
    }
}
