using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Segments;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Writes what the key contract shows of a cluster's customers, from their states: records, cursors, queues, aliases, sets of segments; and takes members out that should not be in. Safe
/// while nodes deliver, as with one process.
/// </summary>
internal sealed class ClusterReconciliation(ClusterState state, CompiledModel model)
{
    private const int MaxPasses = 20, PageSize = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string[] _segments = [.. model.Segments.Select(segment => segment.Name)];

    /// <summary>How many customers were not as they should be, and how many members were too many.</summary>
    public async Task<(long Written, long Removed)> RunAsync(CancellationToken cancel)
    {
        long written = 0;
        foreach (RedisStateStore store in state.Stores)
            written += await WriteAsync(store, cancel);
        return (written, await RemoveExtrasAsync(cancel));
    }

    private async Task<long> WriteAsync(RedisStateStore store, CancellationToken cancel)
    {
        using var redis = new RedisReconciler(state.Redis with { Partition = store.Partition });
        long written = 0;
        for (int pass = 1; ; pass++)
        {
            (long now, long newer) = await redis.WriteAsync(Items(store), _segments, cancel);
            written += now;
            if (newer == 0)
                return written;
            if (pass == MaxPasses)
                throw new DependencyUnavailableException($"Redis knows newer facts of some customers than the state of partition {store.Partition} does. Were these keys written by another installation? Give each a prefix of its own.");
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>Each with what was delivered of its facts when its state was read.</summary>
    private IEnumerable<ReconcileItem> Items(RedisStateStore store)
    {
        var views = new CustomerViews(new CustomerEngine(model));
        var undelivered = new Dictionary<string, long>(StringComparer.Ordinal);
        long readTo = store.ReadStanding().Cursors.GetValueOrDefault(RedisFactSink.SinkName);
        string cursor = "0";
        do
        {
            (cursor, IReadOnlyList<(string Customer, ReadOnlyMemory<byte> State)> page) = store.ReadCustomers(cursor, PageSize);
            while (store.ReadFacts(readTo, PageSize) is { Count: > 0 } facts)
            {
                foreach (OutboxFact fact in facts)
                    undelivered.TryAdd(fact.Customer, fact.Seq);
                readTo = facts[^1].Position;
            }
            foreach ((string customer, ReadOnlyMemory<byte> encoded) in page)
            {
                CustomerState customerState;
                try
                {
                    customerState = StateCodec.Decode(encoded.Span, model);
                }
                catch (InvalidDataException)
                {
                    continue;   // its node sets it aside when it meets it
                }
                if (customerState.Seq > 0)
                    yield return new ReconcileItem(views.Of(customerState), undelivered.TryGetValue(customer, out long first) ? first - 1 : customerState.Seq, Since(customerState));
            }
        }
        while (cursor != "0");
    }

    private Dictionary<string, long> Since(CustomerState customer)
    {
        var since = new Dictionary<string, long>();
        foreach (Membership standing in customer.Memberships)
        {
            if (standing.IsMember)
                since[_segments[standing.Segment]] = standing.SinceMs;
        }
        return since;
    }

    /// <summary>Too many only when they are so twice: some may be on their way.</summary>
    private async Task<long> RemoveExtrasAsync(CancellationToken cancel)
    {
        using var redis = new RedisReconciler(state.Redis);
        HashSet<string>[] first = await ExtrasAsync(redis, cancel);
        if (first.All(extras => extras.Count == 0))
            return 0;
        await Task.Delay(Pause, cancel);
        HashSet<string>[] again = await ExtrasAsync(redis, cancel);
        for (int segment = 0; segment < _segments.Length; segment++)
        {
            again[segment].IntersectWith(first[segment]);
            await redis.RemoveAsync(_segments[segment], [.. again[segment]], cancel);
        }
        return again.Sum(extras => extras.Count);
    }

    private async Task<HashSet<string>[]> ExtrasAsync(RedisReconciler redis, CancellationToken cancel)
    {
        var extras = new HashSet<string>[_segments.Length];
        for (int segment = 0; segment < extras.Length; segment++)
            extras[segment] = [.. (await redis.MembersAsync(_segments[segment], cancel)).Keys];
        foreach (RedisStateStore store in state.Stores)
        {
            PartitionCensus census = await PartitionCensus.TakeAsync(store, model, () => Task.CompletedTask, cancel);
            foreach (CompiledSegment segment in model.Segments)
                extras[segment.Index].ExceptWith(census.MembersOf(segment).Keys);
        }
        return extras;
    }
}
