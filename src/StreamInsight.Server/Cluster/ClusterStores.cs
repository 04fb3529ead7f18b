using System.Collections.Concurrent;
using System.Text;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Redis.State;

namespace StreamInsight.Server.Cluster;

/// <summary>What is committed of all partitions, whichever node has them. Any thread.</summary>
internal sealed class ClusterStores(RedisNode redis, CompiledModel model, HomePartitions homes)
{
    private const int MaxHops = 64;

    private readonly ConcurrentDictionary<int, RedisStateStore> _readers = new();

    public IEnumerable<RedisStateStore> All => Enumerable.Range(0, homes.Count).Select(Reader);

    public RedisStateStore Reader(int partition) => _readers.GetOrAdd(partition, number => RedisStateStore.OpenRead(redis, number));

    public int HomeOf(string id) => homes.Of(Encoding.UTF8.GetBytes(id));

    /// <summary>The id of the customer an id belongs to now: itself, unless it is linked to another.</summary>
    public string RootOf(string id)
    {
        for (int hops = 0; hops < MaxHops && Reader(HomeOf(id)).LoadId(id)?.LinkedTo is { } next; hops++)
            id = next;
        return id;
    }

    /// <summary>The customers of a partition as they are committed, to be read only.</summary>
    public ICustomerHost Read(int partition) => new LocalCustomerHost(model, Reader(partition), new PartitionPlace(partition, homes));
}
