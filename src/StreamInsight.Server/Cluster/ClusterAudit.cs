using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Segments;
using StreamInsight.Server.Audit;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// The audit of a cluster: every partition's customers as of one commit of it, against what entered and left, the facts kept, and Redis' own keys. There is no table of members beside the states
/// to compare them with. What differs only because facts are on their way does not count: a difference in Redis has to be there twice.
/// </summary>
internal sealed class ClusterAudit(IReadOnlyList<RedisStateStore> stores, CompiledModel model, RedisReconciler redis)
{
    private const int PageSize = 5000, Customers = 1000;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1.5);

    public async Task<AuditResult> RunAsync(CancellationToken cancel)
    {
        (AuditResult found, HashSet<(string, string)> inRedis, HashSet<string> seqs) = await LookAsync(cancel);
        if (inRedis.Count == 0 && seqs.Count == 0)
            return found;
        await Task.Delay(Again, cancel);
        (AuditResult now, HashSet<(string, string)> still, HashSet<string> seqsStill) = await LookAsync(cancel);
        inRedis.IntersectWith(still);
        seqs.IntersectWith(seqsStill);
        return now with { Segments = [.. now.Segments.Select(segment => segment with { RedisDiffers = inRedis.Count(pair => pair.Item1 == segment.Segment) })], SeqsDiffer = seqs.Count };
    }

    private async Task<(AuditResult, HashSet<(string, string)>, HashSet<string>)> LookAsync(CancellationToken cancel)
    {
        Dictionary<string, long>[] members = [.. model.Segments.Select(_ => new Dictionary<string, long>(StringComparer.Ordinal))];
        long?[] entered = new long?[members.Length], left = new long?[members.Length];
        long[] factsDiffer = new long[members.Length];
        var seqs = new HashSet<string>();
        long unreadable = 0;
        foreach (RedisStateStore store in stores)
        {
            PartitionCensus census = await PartitionCensus.TakeAsync(store, model, () => Task.CompletedTask, cancel);
            unreadable += census.Unreadable;
            foreach (CompiledSegment segment in model.Segments)
            {
                Add(ref entered[segment.Index], census, SegmentCounts.Entered + segment.Name);
                Add(ref left[segment.Index], census, SegmentCounts.Left + segment.Name);
                foreach ((string customer, long since) in census.MembersOf(segment))
                    members[segment.Index][customer] = since;
            }
            await LookAtFactsAsync(store, census, factsDiffer, seqs, cancel);
        }
        var differ = new HashSet<(string, string)>();
        var audits = new List<SegmentAudit>();
        foreach (CompiledSegment segment in model.Segments)
        {
            Dictionary<string, long> there = await redis.MembersAsync(segment.Name, cancel), here = members[segment.Index];
            differ.UnionWith(here.Where(member => !there.TryGetValue(member.Key, out long at) || at != member.Value).Select(member => (segment.Name, member.Key)));
            differ.UnionWith(there.Keys.Where(customer => !here.ContainsKey(customer)).Select(customer => (segment.Name, customer)));
            audits.Add(new SegmentAudit(
                segment.Name, entered[segment.Index], left[segment.Index], here.Count, here.Count, null, factsDiffer[segment.Index], there.Count, differ.Count(pair => pair.Item1 == segment.Name)));
        }
        return (new AuditResult(audits, unreadable, seqs.Count), differ, seqs);
    }

    /// <summary>A customer's last kept fact of a segment says whether it is in; and Redis has its seq up to what was delivered.</summary>
    private async Task LookAtFactsAsync(RedisStateStore store, PartitionCensus census, long[] differ, HashSet<string> seqs, CancellationToken cancel)
    {
        Dictionary<string, int> segments = model.Segments.ToDictionary(segment => segment.Name, segment => segment.Index);
        var last = new Dictionary<(int Segment, string Customer), FactKind>();
        var undelivered = new Dictionary<string, long>(StringComparer.Ordinal);
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        long delivered = census.Standing.Cursors.GetValueOrDefault(RedisFactSink.SinkName);
        for (long after = 0; store.ReadFacts(after, PageSize) is { Count: > 0 } page; after = page[^1].Position)
        {
            foreach (OutboxFact fact in page)
            {
                if (fact.Position > delivered)
                    undelivered.TryAdd(fact.Customer, fact.Seq);
                newest[fact.Customer] = fact.Seq;
                if (fact.Position <= census.Standing.LastFact && fact.Kind is FactKind.SegmentEntered or FactKind.SegmentLeft && segments.TryGetValue(fact.Subject!, out int segment))
                    last[(segment, fact.Customer)] = fact.Kind;
            }
        }
        foreach (((int segment, string customer), FactKind kind) in last)
        {
            if (census.MembersOf(model.Segments[segment]).ContainsKey(customer) != (kind == FactKind.SegmentEntered))
                differ[segment]++;
        }
        foreach ((string Customer, long Seq)[] page in census.Seqs.Where(entry => entry.Value > 0).Select(entry => (entry.Key, entry.Value)).Chunk(Customers))
        {
            long[] known = await redis.SeqsAsync([.. page.Select(entry => entry.Customer)], cancel);
            for (int i = 0; i < page.Length; i++)
            {
                (string customer, long seq) = page[i];
                long least = undelivered.TryGetValue(customer, out long first) ? first - 1 : seq, most = Math.Max(seq, newest.GetValueOrDefault(customer));
                // One whom nobody wrote for a week has no seq in Redis: then nothing is compared.
                if (known[i] != 0 && (known[i] < least || known[i] > most))
                    seqs.Add(customer);
            }
        }
    }

    private static void Add(ref long? sum, PartitionCensus census, string counter)
    {
        if (census.Standing.Counters.TryGetValue(counter, out long count))
            sum = (sum ?? 0) + count;
    }
}
