using StackExchange.Redis;

namespace StreamInsight.Redis;

/// <summary>The keys of the contract. Names of segments and triggers repeat endlessly, so their keys are made once. One caller at a time.</summary>
/// <param name="partition">Whose list of records to keep warm is meant; null = there is one.</param>
internal sealed class RedisKeys(string prefix, int? partition = null)
{
    private readonly Dictionary<string, RedisKey> _segments = [];
    private readonly Dictionary<string, RedisKey> _triggers = [];
    private readonly Dictionary<string, RedisKey> _queues = [];

    /// <summary>Hash: how the customer stands.</summary>
    public RedisKey Customer(string customer) => $"{prefix}c:{{{customer}}}";

    /// <summary>String: the last seq applied; beside the record, because it has to outlive it.</summary>
    public RedisKey Cursor(string customer) => $"{prefix}n:{{{customer}}}";

    /// <summary>
    /// Hash: where else the customer stands, by key (its aliases, and under <c>queue</c> its queue); beside the record, because it has to outlive it.
    /// </summary>
    public RedisKey Holdings(string customer) => $"{prefix}h:{{{customer}}}";

    /// <summary>Sorted set: customers with a routing record by when it is to be written again, epoch ms.</summary>
    public RedisKey Warm { get; } = partition is { } number ? $"{prefix}w:{number}" : prefix + "w";

    /// <summary>String: the state store whose keys these are; gone when Redis has lost them.</summary>
    public RedisKey Mark { get; } = prefix + "store";

    /// <summary>Sorted set: customers of a queue by score.</summary>
    public RedisKey Queue(string queue) => Cached(_queues, "q:", queue);

    /// <summary>String: the customer a phone number or an address belongs to; takes what <see cref="LookupAlias"/> makes of them.</summary>
    public RedisKey Alias(string kindAndValue) => $"{prefix}a:{kindAndValue}";

    /// <summary>Sorted set: members by time of entry.</summary>
    public RedisKey Segment(string segment) => Cached(_segments, "s:", segment);

    /// <summary>Stream: what happened.</summary>
    public RedisKey Trigger(string trigger) => Cached(_triggers, "t:", trigger);

    /// <summary>For patterns: the prefix as itself.</summary>
    public static string Escape(string prefix) =>
        string.Concat(prefix.Select(c => c is '*' or '?' or '[' or ']' or '\\' or '^' or '-' ? $"\\{c}" : c.ToString()));

    private RedisKey Cached(Dictionary<string, RedisKey> keys, string kind, string name)
    {
        if (!keys.TryGetValue(name, out var key))
            keys[name] = key = prefix + kind + name;
        return key;
    }
}
