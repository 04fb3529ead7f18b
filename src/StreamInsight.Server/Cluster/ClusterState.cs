using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Cluster;

/// <summary>The state of a cluster as commands look at it, whether nodes run or not; nothing of it is changed.</summary>
internal sealed class ClusterState : IDisposable
{
    private readonly RedisNode _node;

    private ClusterState(RedisNode node, int partitions)
    {
        _node = node;
        Stores = [.. Enumerable.Range(0, partitions).Select(partition => RedisStateStore.OpenRead(node, partition))];
    }

    /// <summary>How to reach Redis, with what its keys are made of.</summary>
    public RedisOptions Redis => _node.Options;

    /// <summary>By partition.</summary>
    public IReadOnlyList<RedisStateStore> Stores { get; }

    /// <summary>What was put back of a partition's dead letters.</summary>
    public RedisRequeued Requeued => new(_node);

    /// <summary>Throws <see cref="WrongInputException"/> where there is no such state, or it is another model's.</summary>
    public static ClusterState Open(InsightOptions options, CompiledModel model)
    {
        RedisOptions redis = StoreFlagsRedis(options);
        return Open(redis, (node, found) =>
        {
            string name = options.Cluster!.Name;
            if (found.Group != name)
                throw new WrongInputException($"Redis at {node.Where} holds the state of the cluster {found.Group}, not of {name}: say --cluster {found.Group}, or give another Redis or prefix.");
            RedisStoreIdentityCheck.Compare(node, found with { Model = model.Definition.Id, ModelLayout = StoredModel.LayoutOf(model.Definition) });
        });
    }

    /// <summary>Whatever model's it is: for what no model is needed for.</summary>
    public static ClusterState Open(RedisOptions redis) => Open(redis, (_, _) => { });

    public void Dispose() => _node.Dispose();

    private static ClusterState Open(RedisOptions redis, Action<RedisNode, RedisStoreIdentity> check)
    {
        var node = new RedisNode(redis);
        try
        {
            RedisStoreIdentity found = RedisStoreIdentityCheck.Find(node)
                ?? throw new WrongInputException($"Redis at {node.Where} holds no state of a cluster under the prefix {redis.Prefix}. Is it the one that the nodes use? One process keeps its state in its data folder (--data).");
            check(node, found);
            return new ClusterState(node, found.Partitions);
        }
        catch (StoreMismatchException error)
        {
            node.Dispose();
            throw new WrongInputException(error.Message);
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    private static RedisOptions StoreFlagsRedis(InsightOptions options) =>
        Commands.StoreFlags.RedisOf(options) ?? throw new WrongInputException("A cluster keeps its state in Redis. Say --redis host:port, or --config insight.yaml with redis: in it.");
}
