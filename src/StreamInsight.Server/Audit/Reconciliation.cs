using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Segments;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Audit;

/// <summary>
/// Writes into Redis what should be there, from the state: records, cursors, queues, aliases, sets of segments; and takes members out that should not be in. Safe while the
/// service delivers: each customer as of the facts that were delivered, and nothing where Redis knows newer ones; those are looked at again.
/// </summary>
internal sealed class Reconciliation(SqliteFile file, CompiledModel model, RedisReconciler redis)
{
    private const int MaxPasses = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How many customers were not as they should be, and how many members were too many.</summary>
    public async Task<(long Written, long Removed)> RunAsync(CancellationToken cancel)
    {
        string[] segments = [.. model.Segments.Select(segment => segment.Name)];
        long written = 0;
        for (int pass = 1; ; pass++)
        {
            using (var snapshot = new StoreSnapshot(file))
            {
                (long now, long newer) = await redis.WriteAsync(Items(snapshot), segments, cancel);
                written += now;
                if (newer == 0)
                    break;
            }
            if (pass == MaxPasses)
                throw new DependencyUnavailableException("Redis knows newer facts of some customers than the state does. Was it written from another data folder? Give that one, or another Redis prefix.");
            await Task.Delay(Pause, cancel);
        }
        return (written, await RemoveExtrasAsync(segments, cancel));
    }

    private IEnumerable<ReconcileItem> Items(StoreSnapshot snapshot)
    {
        var views = new CustomerViews(new CustomerEngine(model));
        IReadOnlyDictionary<string, long> pending = snapshot.FirstSeqAfter(snapshot.Cursors.GetValueOrDefault("redis"));
        foreach ((string customer, ReadOnlyMemory<byte> encoded) in snapshot.Customers())
        {
            CustomerState state;
            try
            {
                state = StateCodec.Decode(encoded.Span, model);
            }
            catch (InvalidDataException)
            {
                continue;   // the service sets it aside when it meets it
            }
            if (state.Seq == 0)
                continue;
            var since = new Dictionary<string, long>();
            foreach (CompiledSegment segment in model.SegmentsOf(state))
            {
                if (snapshot.MemberSince(segment.Name, customer) is { } sinceMs)
                    since[segment.Name] = sinceMs;
            }
            yield return new ReconcileItem(views.Of(state), pending.TryGetValue(customer, out long first) ? first - 1 : state.Seq, since);
        }
    }

    /// <summary>Customers that were merged away or erased have no state to write from. Too many only when they are so twice: some may be on their way.</summary>
    private async Task<long> RemoveExtrasAsync(string[] segments, CancellationToken cancel)
    {
        long removed = 0;
        Dictionary<string, HashSet<string>> first = await ExtrasAsync(segments, cancel);
        if (first.Values.All(extras => extras.Count == 0))
            return 0;
        await Task.Delay(Pause, cancel);
        foreach ((string segment, HashSet<string> extras) in await ExtrasAsync(segments, cancel))
        {
            extras.IntersectWith(first[segment]);
            await redis.RemoveAsync(segment, [.. extras], cancel);
            removed += extras.Count;
        }
        return removed;
    }

    private async Task<Dictionary<string, HashSet<string>>> ExtrasAsync(string[] segments, CancellationToken cancel)
    {
        var extras = new Dictionary<string, HashSet<string>>();
        foreach (string segment in segments)
        {
            extras[segment] = [.. (await redis.MembersAsync(segment, cancel)).Keys];
            using var snapshot = new StoreSnapshot(file);
            extras[segment].ExceptWith(snapshot.Members(segment).Select(member => member.Customer));
        }
        return extras;
    }
}
