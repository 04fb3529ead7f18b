using StackExchange.Redis;

namespace StreamInsight.Redis.State;

/// <summary>Whether the state in a Redis is an installation's own, asked before one of its nodes starts.</summary>
public static class RedisStoreIdentityCheck
{
    /// <summary>Makes the state the installation's where it is nobody's yet. Throws <see cref="StoreMismatchException"/> where it is another's.</summary>
    public static void Run(RedisNode node, RedisStoreIdentity identity) =>
        IdentityFields.Claim(node, StateKeys.Cluster(node.Options.Prefix), identity, null, IdentityFields.NewSecret());

    /// <summary>Whose the state is; null = there is none. Changes nothing. Throws <see cref="StoreMismatchException"/> where a newer version wrote it.</summary>
    public static RedisStoreIdentity? Find(RedisNode node)
    {
        RedisKey key = StateKeys.Cluster(node.Options.Prefix);
        Dictionary<string, string> found = IdentityFields.Read(node, key);
        IdentityFields.CheckVersion(found, $"Redis at {node.Where}, key {key}");
        return IdentityFields.IdentityOf(found);
    }

    /// <summary>Throws <see cref="StoreMismatchException"/> where an installation may not read the state as its own.</summary>
    public static void Compare(RedisNode node, RedisStoreIdentity identity)
    {
        RedisKey key = StateKeys.Cluster(node.Options.Prefix);
        IdentityFields.Check(IdentityFields.Read(node, key), identity, $"Redis at {node.Where}, key {key}");
    }
}
