using System.Globalization;
using System.Text;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>GET /v1/facts/stream</c>: facts as server-sent events, as they are committed. An event's id is its place in the outbox; a stream resumes after
/// <c>Last-Event-ID</c> (or <c>?after=</c>), as far back as facts are kept; without it, it begins now, or with the <c>?last=</c> facts before now. What is no longer kept is told by an event <c>gap</c>,
/// never passed over in silence. Filters, each may be given more than once: <c>kind</c>, <c>segment</c>, <c>trigger</c>, <c>customer</c>.
/// </summary>
internal sealed class FactStream(Outbox outbox, ApiKeys keys, PersonalData personal, int maxStreams, TimeProvider time, CancellationToken stopping)
{
    public const string Path = "/v1/facts/stream";

    private const int MaxFacts = 512;
    private const int MaxLast = 10_000;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A reader that takes nothing for so long is cut off; it may come back with its last id.</summary>
    private static readonly TimeSpan SlowestWrite = TimeSpan.FromSeconds(30);

    private int _open;

    public void Map(WebApplication app) => app.MapGet(Path, HandleAsync);

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
        if (from is null && query["last"].FirstOrDefault() is { } last)
        {
            if (!int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int facts) || facts > MaxLast)
            {
                await Problem.WriteAsync(context, 400, "A query parameter cannot be used.", $"last: a whole number up to {MaxLast} is allowed.");
                return;
            }
            // What is not kept any more was not asked for: that is no gap.
            long first = outbox.Read(Math.Max(0, position - facts), 1) is [var kept, ..] ? kept.Position : position + 1;
            position = first - 1;
        }
        try
        {
            if (Interlocked.Increment(ref _open) > maxStreams)
            {
                await Problem.WriteAsync(context, 503, "Too many streams are open.", $"At most {maxStreams} at a time (http.max_streams). Close one, or try again later.");
                return;
            }
            await StreamAsync(context, new Filter(query), position);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task StreamAsync(HttpContext context, Filter filter, long position)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await SendAsync(context, filter, position, isMasked: !RequestKey.AsksUnmasked(context, keys), ending.Token);
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left, or we stop; it comes back with its last id.
        }
    }

    private async Task SendAsync(HttpContext context, Filter filter, long position, bool isMasked, CancellationToken cancel)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var news = new WakeSignal();
        using IDisposable listening = outbox.Listen(news);
        var text = new StringBuilder(": from here on\n\n");
        if (position > outbox.Last)
        {
            // An id of another store: what it stood for cannot be known here.
            text.Append(CultureInfo.InvariantCulture, $"id: {outbox.Last}\nevent: gap\ndata: {{\"after\":{position},\"next\":{outbox.Last + 1},\"reason\":\"the id is ahead of everything here: the data folder is another one\"}}\n\n");
            position = outbox.Last;
        }
        while (true)
        {
            IReadOnlyList<OutboxFact> facts = outbox.Read(position, MaxFacts);
            long next = facts.Count > 0 ? facts[0].Position : outbox.Last + 1;
            if (next > position + 1 && (facts.Count > 0 || outbox.Read(position, 1).Count == 0))
            {
                text.Append(CultureInfo.InvariantCulture, $"id: {next - 1}\nevent: gap\ndata: {{\"after\":{position},\"next\":{next},\"reason\":\"facts between are no longer kept\"}}\n\n");
                position = next - 1;
            }
            foreach (OutboxFact fact in facts.Where(filter.Takes))
                Append(text, fact, isMasked);
            if (facts.Count > 0)
                position = facts[^1].Position;
            if (text.Length > 0)
                await FlushAsync(context, text, cancel);
            else if (facts.Count == 0 && !await news.WaitAsync(Heartbeat, time, cancel))
            {
                // The id moves on with what the filter left out, so that a reader does not resume too early.
                text.Append(CultureInfo.InvariantCulture, $":\nid: {position}\n\n");
                await FlushAsync(context, text, cancel);
            }
        }
    }

    private void Append(StringBuilder text, OutboxFact fact, bool isMasked)
    {
        ReadOnlySpan<byte> line = isMasked && fact.Kind == FactKind.Trigger ? personal.MaskFact(fact.Line.ToArray()) : fact.Line.Span;
        text.Append("id: ").Append(fact.Position).Append("\nevent: ").Append(fact.Kind.Name()).Append("\ndata: ").Append(Encoding.UTF8.GetString(line)).Append("\n\n");
    }

    private static async Task FlushAsync(HttpContext context, StringBuilder text, CancellationToken cancel)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        await context.Response.Body.WriteAsync(bytes, cancel).AsTask().WaitAsync(SlowestWrite, cancel);
        await context.Response.Body.FlushAsync(cancel).WaitAsync(SlowestWrite, cancel);
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
