using System.Globalization;
using System.Text;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>GET /v1/facts/stream</c>: facts as server-sent events, as they are committed. An event's id is its place in the outbox; a stream resumes after
/// <c>Last-Event-ID</c> (or <c>?after=</c>), as far back as facts are kept; without it, it begins now.
/// Filters, each may be given more than once: <c>kind</c>, <c>segment</c>, <c>trigger</c>, <c>customer</c>.
/// </summary>
internal sealed class FactStream(Outbox outbox, ApiKeys keys, TimeProvider time, CancellationToken stopping)
{
    private const int MaxFacts = 512;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public void Map(WebApplication app) => app.MapGet("/v1/facts/stream", HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Read))
            return;
        IQueryCollection query = context.Request.Query;
        string? unknown = query["kind"].FirstOrDefault(kind => !FactKindNames.All.Contains(kind));
        if (unknown is not null)
        {
            await Problem.WriteAsync(context, 400, "A query parameter cannot be used.", $"kind: allowed are {string.Join(", ", FactKindNames.All)}.");
            return;
        }
        string? from = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? query["after"].FirstOrDefault();
        long position = outbox.Last;
        if (from is not null && !long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out position))
        {
            await Problem.WriteAsync(context, 400, "Cannot resume there.", "Last-Event-ID is the id of an event of this stream: a whole number.");
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await SendAsync(context, new Filter(query), Math.Min(position, outbox.Last), ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left, or we stop; it comes back with its last id.
        }
    }

    private async Task SendAsync(HttpContext context, Filter filter, long position, CancellationToken cancel)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var news = new WakeSignal();
        using IDisposable listening = outbox.Listen(news);
        await context.Response.WriteAsync(": from here on\n\n", cancel);
        await context.Response.Body.FlushAsync(cancel);
        var text = new StringBuilder();
        while (true)
        {
            IReadOnlyList<OutboxFact> facts = outbox.Read(position, MaxFacts);
            if (facts.Count > 0)
            {
                position = facts[^1].Position;
                text.Clear();
                foreach (OutboxFact fact in facts.Where(filter.Takes))
                {
                    text.Append("id: ").Append(fact.Position).Append("\nevent: ").Append(fact.Kind.Name())
                        .Append("\ndata: ").Append(Encoding.UTF8.GetString(fact.Line.Span)).Append("\n\n");
                }
                if (text.Length == 0)
                    continue;
                await context.Response.WriteAsync(text.ToString(), cancel);
            }
            else if (await news.WaitAsync(Heartbeat, time, cancel))
                continue;
            else
                await context.Response.WriteAsync(":\n\n", cancel);
            await context.Response.Body.FlushAsync(cancel);
        }
    }

    private sealed class Filter(IQueryCollection query)
    {
        private readonly string?[] _kinds = query["kind"].ToArray();
        private readonly string?[] _segments = query["segment"].ToArray();
        private readonly string?[] _triggers = query["trigger"].ToArray();
        private readonly string?[] _customers = query["customer"].ToArray();

        public bool Takes(OutboxFact fact) =>
            Matches(_kinds, fact.Kind.Name()) && Matches(_customers, fact.Customer) && (_segments.Length + _triggers.Length == 0
            || (fact.Kind is FactKind.SegmentEntered or FactKind.SegmentLeft && _segments.Contains(fact.Subject))
            || (fact.Kind == FactKind.Trigger && _triggers.Contains(fact.Subject)));

        private static bool Matches(string?[] wanted, string value) => wanted.Length == 0 || wanted.Contains(value);
    }
}
