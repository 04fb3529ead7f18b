using System.Globalization;
using StackExchange.Redis;

namespace StreamInsight.Redis.State;

/// <summary>
/// Which dead letters of a cluster were put back, and where to: a hash beside each partition's state, whoever writes that. Throws as <see cref="RedisNode"/> does. Any thread.
/// </summary>
public sealed class RedisRequeued(RedisNode node)
{
    /// <summary>After so long, somebody who said that it puts a letter back and not that it has is believed to have died.</summary>
    private const long ClaimMs = 60_000;

    // KEYS: meta, dead letters, requeued. ARGV: number, now, how long a claim holds (ms). Marks of letters that are kept no more go when there are more marks than letters.
    private static readonly StateScript ClaimLetter = new("""
        if redis.replicate_commands then redis.replicate_commands() end
        local mark = redis.call('HGET', KEYS[3], ARGV[1])
        if mark and (string.sub(mark, 1, 1) ~= '?' or tonumber(string.sub(mark, 2)) + tonumber(ARGV[3]) > tonumber(ARGV[2])) then return 0 end
        local kept = redis.call('LLEN', KEYS[2])
        if redis.call('HLEN', KEYS[3]) > kept then
          local first = tonumber(redis.call('HGET', KEYS[1], 'dead') or 0) - kept + 1
          for _, number in ipairs(redis.call('HKEYS', KEYS[3])) do
            if tonumber(number) < first then redis.call('HDEL', KEYS[3], number) end
          end
        end
        redis.call('HSET', KEYS[3], ARGV[1], '?' .. ARGV[2])
        return 1
        """);

    /// <summary>By number: the position under which a letter was put back.</summary>
    public IReadOnlyDictionary<long, string> Read(int partition) => node.Run(database => database.HashGetAllAsync(Key(partition)))
        .Where(mark => !((string)mark.Value!).StartsWith('?')).ToDictionary(mark => (long)mark.Name, mark => (string)mark.Value!);

    /// <summary>True: the caller puts it back, and says so then; nobody else does meanwhile. False: it was put back, or somebody does it just now.</summary>
    public bool Claim(int partition, long number, long nowMs)
    {
        var keys = new StateKeys(node.Options.Prefix, partition);
        RedisValue[] arguments = [number, nowMs, ClaimMs];
        return (int)node.Run(database => ClaimLetter.RunAsync(database, [keys[StateKey.Meta], keys[StateKey.Dead], Key(partition)], arguments)) == 1;
    }

    /// <summary>It is there now.</summary>
    public void Done(int partition, long number, string position) => node.Run(database => database.HashSetAsync(Key(partition), number, position));

    /// <summary>It could not be put back.</summary>
    public void Release(int partition, long number) => node.Run(database => database.HashDeleteAsync(Key(partition), number));

    private RedisKey Key(int partition) => string.Create(CultureInfo.InvariantCulture, $"{node.Options.Prefix}{{p{partition}}}:requeued");
}
