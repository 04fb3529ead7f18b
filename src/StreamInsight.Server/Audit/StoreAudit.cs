using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Segments;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Audit;

/// <summary>
/// Recomputes what must agree: what entered and left each segment, its members, the customers' own states, the facts kept, and Redis. What differs only because facts are on
/// their way does not count: a difference in Redis has to be there twice.
/// </summary>
internal sealed class StoreAudit(SqliteFile file, CompiledModel model, RedisReconciler? redis)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1.5);

    private long _unreadable;

    public async Task<AuditResult> RunAsync(CancellationToken cancel)
    {
        (IReadOnlyList<SegmentAudit> segments, HashSet<(string, string)> inRedis, HashSet<string> seqs) = await LookAsync(withStates: true, cancel);
        if (inRedis.Count > 0 || seqs.Count > 0)
        {
            await Task.Delay(Again, cancel);
            (IReadOnlyList<SegmentAudit> now, HashSet<(string, string)> still, HashSet<string> seqsStill) = await LookAsync(withStates: false, cancel);
            inRedis.IntersectWith(still);
            seqs.IntersectWith(seqsStill);
            segments = [.. segments.Zip(now, (first, second) => first with { Redis = second.Redis, RedisDiffers = inRedis.Count(pair => pair.Item1 == first.Segment) })];
        }
        return new AuditResult(segments, _unreadable, redis is null ? null : seqs.Count);
    }

    private async Task<(IReadOnlyList<SegmentAudit>, HashSet<(string, string)>, HashSet<string>)> LookAsync(bool withStates, CancellationToken cancel)
    {
        using var snapshot = new StoreSnapshot(file);
        IReadOnlyDictionary<string, long> members = snapshot.CountMembers();
        var differ = new HashSet<(string, string)>();
        var seqs = new HashSet<string>(StringComparer.Ordinal);
        var found = new long[model.Segments.Count];
        var wrong = new long[model.Segments.Count];
        if (withStates || redis is not null)
            await LookAtStatesAsync(snapshot, found, wrong, seqs, cancel);
        var audits = new List<SegmentAudit>();
        for (int i = 0; i < model.Segments.Count; i++)
        {
            string segment = model.Segments[i].Name;
            long count = members.GetValueOrDefault(segment);
            long? inRedis = redis is null ? null : await CompareAsync(snapshot, segment, differ, cancel);
            audits.Add(new SegmentAudit(
                segment,
                snapshot.Counters.TryGetValue(SegmentCounts.Entered + segment, out long entered) ? entered : null,
                snapshot.Counters.TryGetValue(SegmentCounts.Left + segment, out long left) ? left : null,
                count,
                withStates ? found[i] : null,
                withStates ? wrong[i] + Math.Max(0, count - (found[i] - wrong[i])) : null,
                snapshot.CountFactsThatDisagree(segment),
                inRedis,
                redis is null ? null : differ.Count(pair => pair.Item1 == segment)));
        }
        return (audits, differ, seqs);
    }

    private async Task LookAtStatesAsync(StoreSnapshot snapshot, long[] found, long[] wrong, HashSet<string> seqs, CancellationToken cancel)
    {
        _unreadable = 0;
        IReadOnlyDictionary<string, long> pending = snapshot.FirstSeqAfter(snapshot.Cursors.GetValueOrDefault("redis"));
        var page = new List<(string Customer, long Seq)>();
        foreach ((string customer, ReadOnlyMemory<byte> encoded) in snapshot.Customers())
        {
            cancel.ThrowIfCancellationRequested();
            CustomerState state;
            try
            {
                state = StateCodec.Decode(encoded.Span, model);
            }
            catch (InvalidDataException)
            {
                _unreadable++;
                continue;
            }
            foreach (CompiledSegment segment in model.SegmentsOf(state))
            {
                found[segment.Index]++;
                if (snapshot.MemberSince(segment.Name, customer) is null)
                    wrong[segment.Index]++;
            }
            if (redis is null || state.Seq == 0)
                continue;
            page.Add((customer, pending.TryGetValue(customer, out long first) ? first - 1 : state.Seq));
            if (page.Count == 1000)
                await CompareSeqsAsync(page, seqs, cancel);
        }
        if (page.Count > 0)
            await CompareSeqsAsync(page, seqs, cancel);
    }

    /// <summary>A customer nobody wrote for a week has no seq in Redis: then nothing is compared.</summary>
    private async Task CompareSeqsAsync(List<(string Customer, long Seq)> page, HashSet<string> seqs, CancellationToken cancel)
    {
        long[] known = await redis!.SeqsAsync([.. page.Select(entry => entry.Customer)], cancel);
        for (int i = 0; i < known.Length; i++)
        {
            if (known[i] != 0 && known[i] != page[i].Seq)
                seqs.Add(page[i].Customer);
        }
        page.Clear();
    }

    private async Task<long> CompareAsync(StoreSnapshot snapshot, string segment, HashSet<(string, string)> differ, CancellationToken cancel)
    {
        Dictionary<string, long> there = await redis!.MembersAsync(segment, cancel);
        long count = there.Count;
        foreach ((string customer, long sinceMs) in snapshot.Members(segment))
        {
            if (!there.Remove(customer, out long at) || at != sinceMs)
                differ.Add((segment, customer));
        }
        foreach (string customer in there.Keys)
            differ.Add((segment, customer));
        return count;
    }
}
