namespace StreamInsight.Redis.State;

/// <summary>Whether the state in a Redis is an installation's own, asked before one of its nodes starts.</summary>
public static class RedisStoreIdentityCheck
{
    /// <summary>Makes the state the installation's where it is nobody's yet. Throws <see cref="StoreMismatchException"/> where it is another's.</summary>
    public static void Run(RedisNode node, RedisStoreIdentity identity) =>
        IdentityFields.Claim(node, StateKeys.Cluster(node.Options.Prefix), identity, null, IdentityFields.NewSecret());
}
