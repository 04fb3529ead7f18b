using System.Globalization;
using System.Text;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>GET /v1/facts/stream</c>: facts as server-sent events, as they are committed. An event's id is the place up to which the stream has told everything: by partition its place in the
/// outbox, joined by points; so any node resumes after <c>Last-Event-ID</c> (or <c>?after=</c>), as far back as facts are kept; without it, it begins now, or with about the <c>?last=</c> facts before now. What is no longer kept is told by an event <c>gap</c>,
/// never passed over in silence. Filters, each may be given more than once: <c>kind</c>, <c>segment</c>, <c>trigger</c>, <c>customer</c>.
/// </summary>
internal sealed class FactStream(IFactFeed feed, ApiKeys keys, PersonalData personal, int maxStreams, TimeProvider time, CancellationToken stopping)
{
    public const string Path = "/v1/facts/stream";

    private const int MaxFacts = 512, MaxLast = 10_000;

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
        int before = 0;
        if (query["last"].FirstOrDefault() is { } facts && !(int.TryParse(facts, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before <= MaxLast))
        {
            await Problem.WriteAsync(context, 400, "A query parameter cannot be used.", $"last: a whole number up to {MaxLast} is allowed.");
            return;
        }
        long[]? positions;
        try
        {
            long[] last = await feed.LastAsync();
            positions = from is null ? await BeforeAsync(last, before) : Positions(from);
        }
        catch (DependencyUnavailableException error)
        {
            await Problem.WriteAsync(context, 503, "Cannot be answered now.", error.Message);
            return;
        }
        if (positions is null)
        {
            await Problem.WriteAsync(context, 400, "Cannot resume there.", feed.Partitions == 1
                ? "Last-Event-ID is the id of an event of this stream: a whole number."
                : $"Last-Event-ID is the id of an event of this cluster's stream: {feed.Partitions} whole numbers joined by points.");
            return;
        }
        try
        {
            if (Interlocked.Increment(ref _open) > maxStreams)
            {
                await Problem.WriteAsync(context, 503, "Too many streams are open.", $"At most {maxStreams} at a time (http.max_streams). Close one, or try again later.");
                return;
            }
            await StreamAsync(context, new Filter(query), positions);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task StreamAsync(HttpContext context, Filter filter, long[] positions)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await SendAsync(context, filter, positions, isMasked: !RequestKey.AsksUnmasked(context, keys), ending.Token);
        }
        catch (Exception error) when (error is TimeoutException or DependencyUnavailableException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left, or we stop; it comes back with its last id.
        }
    }

    private async Task SendAsync(HttpContext context, Filter filter, long[] at, bool isMasked, CancellationToken cancel)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var news = new WakeSignal();
        using IDisposable listening = feed.Listen(news);
        var text = new StringBuilder(": from here on\n\n");
        while (true)
        {
            bool isAny = false;
            for (int partition = 0; partition < at.Length; partition++)
                isAny |= await TellAsync(text, filter, at, partition, isMasked);
            if (text.Length > 0)
                await FlushAsync(context, text, cancel);
            else if (!isAny && !await news.WaitAsync(Heartbeat, time, cancel))
            {
                // The id moves on with what the filter left out, so that a reader does not resume too early.
                text.Append(":\nid: ").AppendJoin('.', at).Append("\n\n");
                await FlushAsync(context, text, cancel);
            }
        }
    }

    /// <summary>What comes next in one partition. False: nothing does.</summary>
    private async ValueTask<bool> TellAsync(StringBuilder text, Filter filter, long[] at, int partition, bool isMasked)
    {
        long position = at[partition], last = feed.Last(partition);
        if (position > last)
        {
            // An id of another store, or of commits that this one has lost: what it stood for cannot be known here.
            at[partition] = last;
            AppendGap(text, at, partition, position, last + 1, at.Length == 1
                ? "the id is ahead of everything here: the data folder is another one"
                : "the id is ahead of everything here: it is another installation's, or Redis has lost commits");
            return true;
        }
        IReadOnlyList<OutboxFact> facts = await feed.ReadAsync(partition, position, MaxFacts);
        long next = facts.Count > 0 ? facts[0].Position : feed.Last(partition) + 1;
        if (next > position + 1 && (facts.Count > 0 || (await feed.ReadAsync(partition, position, 1)).Count == 0))
        {
            at[partition] = next - 1;
            AppendGap(text, at, partition, position, next, "facts between are no longer kept");
        }
        foreach (OutboxFact fact in facts)
        {
            at[partition] = fact.Position;
            if (filter.Takes(fact))
                Append(text, fact, at, isMasked);
        }
        return facts.Count > 0;
    }

    private static void AppendGap(StringBuilder text, long[] at, int partition, long after, long next, string reason)
    {
        string of = at.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"\"partition\":{partition},");
        text.Append("id: ").AppendJoin('.', at).Append(CultureInfo.InvariantCulture, $"\nevent: gap\ndata: {{{of}\"after\":{after},\"next\":{next},\"reason\":\"{reason}\"}}\n\n");
    }

    private void Append(StringBuilder text, OutboxFact fact, long[] at, bool isMasked)
    {
        ReadOnlySpan<byte> line = isMasked && fact.Kind == FactKind.Trigger ? personal.MaskFact(fact.Line.ToArray()) : fact.Line.Span;
        text.Append("id: ").AppendJoin('.', at).Append("\nevent: ").Append(fact.Kind.Name()).Append("\ndata: ").Append(Encoding.UTF8.GetString(line)).Append("\n\n");
    }

    /// <summary>So many facts earlier, of every partition its share. What is not kept any more was not asked for: that is no gap.</summary>
    private async Task<long[]> BeforeAsync(long[] last, int facts)
    {
        long[] positions = [.. last];
        int share = (facts + last.Length - 1) / last.Length;
        for (int partition = 0; share > 0 && partition < last.Length; partition++)
        {
            if (await feed.ReadAsync(partition, Math.Max(0, last[partition] - share), 1) is [var kept, ..])
                positions[partition] = kept.Position - 1;
        }
        return positions;
    }

    /// <summary>Null = it is no id of this stream.</summary>
    private long[]? Positions(string id)
    {
        string[] parts = id.Split('.');
        long[] positions = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out positions[i]))
                return null;
        }
        return parts.Length == feed.Partitions ? positions : null;
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
