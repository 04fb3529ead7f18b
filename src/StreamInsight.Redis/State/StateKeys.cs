using System.Globalization;
using StackExchange.Redis;

namespace StreamInsight.Redis.State;

/// <summary>The keys of one partition. All carry one hash tag (<c>si:{p7}:…</c>), so that a commit stays within one hash slot.</summary>
internal sealed class StateKeys
{
    /// <summary>The version of these keys and their values. It goes up with every change of them; newer keys are refused.</summary>
    public const int Layout = 1;

    private readonly RedisKey[] _all;

    public StateKeys(string prefix, int partition)
    {
        string tag = prefix + "{p" + partition.ToString(CultureInfo.InvariantCulture) + "}:";
        _all = [.. Enum.GetNames<StateKey>().Select(name => (RedisKey)(tag + name.ToLowerInvariant()))];
    }

    /// <summary>In the order of <see cref="StateKey"/>.</summary>
    public RedisKey[] All => _all;

    public RedisKey this[StateKey key] => _all[(int)key];

    /// <summary>What Redis keeps under a key.</summary>
    public static RedisType TypeOf(StateKey key) => key switch
    {
        StateKey.Facts or StateKey.Dead or StateKey.Handovers => RedisType.List,
        StateKey.Timers or StateKey.Links or StateKey.Decided or StateKey.DecisionsOf or StateKey.Tombstones or StateKey.Done => RedisType.SortedSet,
        StateKey.Pending => RedisType.Set,
        StateKey.Shared => RedisType.String,
        _ => RedisType.Hash,
    };

    /// <summary>The key of the whole cluster: a hash of whose state it is, and of how many partitions.</summary>
    public static RedisKey Cluster(string prefix) => prefix + "cluster";
}
