using System.Collections.Concurrent;
using System.Text;
using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Redis.State;

namespace StreamInsight.Server.Cluster;

/// <summary>What is committed of all partitions, whichever node has them. Any thread.</summary>
internal sealed class ClusterStores(RedisNode redis, CompiledModel model, HomePartitions homes)
{
    private const int MaxHops = 64;

    private readonly ConcurrentDictionary<int, RedisStateStore> _readers = new();

    /// <summary>Partitions.</summary>
    public int Count => homes.Count;

    public IEnumerable<RedisStateStore> All => Enumerable.Range(0, homes.Count).Select(Reader);

    public RedisStateStore Reader(int partition)
    {
        if (_readers.TryGetValue(partition, out RedisStateStore? known))
            return known;
        RedisStateStore reader = RedisStateStore.OpenRead(redis, partition);
        // One that nobody has claimed yet has no secret; it will have one.
        return reader.Secret.IsEmpty ? reader : _readers.GetOrAdd(partition, reader);
    }

    /// <summary>By partition, its last outbox position.</summary>
    public long[] ReadLastFacts() => RedisStateStore.ReadLastFacts(redis, homes.Count);

    public int HomeOf(string id) => homes.Of(Encoding.UTF8.GetBytes(id));

    /// <summary>The id of the customer an id belongs to now: itself, unless it is linked to another.</summary>
    public string RootOf(string id)
    {
        for (int hops = 0; hops < MaxHops && Reader(HomeOf(id)).LoadId(id)?.LinkedTo is { } next; hops++)
            id = next;
        return id;
    }

    /// <summary>What the customers of a partition share, as it is committed.</summary>
    public SharedState Shared(int partition)
    {
        var shared = new SharedState(model);
        if (Reader(partition).LoadShared() is { } stored)
            shared.Decode(stored);
        return shared;
    }

    /// <summary>The customers of a partition as they are committed, to be read only.</summary>
    public ICustomerHost Read(int partition) => new LocalCustomerHost(model, Reader(partition), new PartitionPlace(partition, homes));
}
