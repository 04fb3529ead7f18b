using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Redis.State;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Erasures ordered on any node of a cluster: the order goes to the customer's partition through the topic of handovers, and from there to the partitions of its other ids. The receipt is
/// put together from what each of them has done.
/// </summary>
internal sealed class ClusterErasures(ClusterStores stores, KafkaHandovers road, KafkaOptions kafka, TimeSpan forgetAfter, TimeProvider time) : IErasures
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Look = TimeSpan.FromMilliseconds(10);

    public IEnumerable<string> Elsewhere => [$"Kafka topics ({kafka.EventsTopic}, {kafka.HandoverTopic}, {kafka.DeadTopic}, facts): until their retention ends"];

    public async Task<Erasure?> EraseAsync(string id)
    {
        string root = await Task.Run(() => stores.RootOf(id));
        int home = stores.HomeOf(root);
        RedisStateStore store = stores.Reader(home);
        UInt128 digest = IdDigest.Of(root, store.Secret.Span);
        Erasure? before = store.LoadErasure(digest);
        if (before is null && store.LoadCustomer(root) is null && store.LoadId(root) is null)
            return null;

        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (before is null || store.LoadCustomer(root) is not null)
            await road.DeliverAsync([new Handover(HandoverCodec.Unnumbered, home, HandoverCodec.Encode(home, HandoverCodec.Unnumbered, new ForgetParcel(root, nowMs, nowMs + (long)forgetAfter.TotalMilliseconds)))], CancellationToken.None);
        for (long asked = time.GetTimestamp(); time.GetElapsedTime(asked) < Patience; await Task.Delay(Look, time))
        {
            if (await Task.Run(() => store.LoadErasure(digest)) is { } erasure && (before is null || erasure.AtMs > before.AtMs || store.LoadCustomer(root) is null))
                return await Task.Run(() => Receipt(erasure, home));
        }
        throw new DependencyUnavailableException($"The order is given, but partition {home} has not carried it out within {Patience.TotalSeconds:0} s. Ask again for the receipt.");
    }

    /// <summary>With what the partitions of its other ids have done.</summary>
    private Erasure Receipt(Erasure erasure, int home)
    {
        var pending = new List<string>(erasure.Pending);
        Erasure whole = erasure;
        foreach (string alias in erasure.Ids.Skip(1).Where(alias => stores.HomeOf(alias) != home))
        {
            RedisStateStore store = stores.Reader(stores.HomeOf(alias));
            if (store.LoadErasure(IdDigest.Of(alias, store.Secret.Span)) is not { } part)
            {
                pending.Add($"partition {store.Partition}");
                continue;
            }
            pending.AddRange(part.Pending.Select(place => $"{place} of partition {store.Partition}"));
            foreach ((string name, long removed) in part.Removed.Where(count => count.Key != "aliases"))
                whole = whole.With(name, removed);
        }
        return whole with { Pending = pending };
    }
}
