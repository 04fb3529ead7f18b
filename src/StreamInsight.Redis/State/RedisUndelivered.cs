using StackExchange.Redis;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Redis.State;

/// <summary>
/// Triggers that no subscriber took, of all partitions of a cluster, beside their state; the newest are kept. As durable as Redis is. Throws as <see cref="RedisNode"/> does. Any thread.
/// </summary>
/// <param name="kept">How many stay; the oldest go.</param>
public sealed class RedisUndelivered(RedisNode node, int kept) : IUndelivered, IErasable
{
    private const int PageSize = 1000;

    // KEYS: rows, order, last. ARGV: name of the row (subscriber and fact), row, how many are kept.
    private static readonly StateScript KeepRow = new("""
        if redis.replicate_commands then redis.replicate_commands() end
        if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
        redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[3]), ARGV[1])
        local old = redis.call('ZRANGE', KEYS[2], 0, -1 - tonumber(ARGV[3]))
        for i = 1, #old do
          redis.call('HDEL', KEYS[1], old[i])
          redis.call('ZREM', KEYS[2], old[i])
        end
        return 1
        """);

    // KEYS: rows, order. ARGV: how the names of the subscriber's rows begin, after which number, how many to look at. Gives the last number looked at, then number and row in turn.
    private static readonly StateScript ReadRows = new("""
        local names = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
        local answer = { names[#names] or '' }
        for i = 1, #names, 2 do
          if string.sub(names[i], 1, #ARGV[1]) == ARGV[1] then
            answer[#answer + 1] = names[i + 1]
            answer[#answer + 1] = redis.call('HGET', KEYS[1], names[i])
          end
        end
        return answer
        """);

    // KEYS: rows, order. ARGV: cursor, about how many, heads of the customers. Gives the next cursor and how many rows went.
    private static readonly StateScript EraseRows = new("""
        if redis.replicate_commands then redis.replicate_commands() end
        local page, gone = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2]), 0
        for i = 1, #page[2], 2 do
          for j = 3, #ARGV do
            if string.sub(page[2][i + 1], 1, #ARGV[j]) == ARGV[j] then
              gone = gone + redis.call('HDEL', KEYS[1], page[2][i])
              redis.call('ZREM', KEYS[2], page[2][i])
            end
          end
        end
        return { page[1], gone }
        """);

    private readonly RedisKey[] _keys = [.. new[] { "rows", "order", "last" }.Select(name => (RedisKey)$"{node.Options.Prefix}{{undelivered}}:{name}")];

    public string Name => "undelivered";

    public void Keep(UndeliveredFact fact)
    {
        byte[] name = [.. RowWriter.Head(fact.Subscriber), .. System.Text.Encoding.UTF8.GetBytes(fact.FactId)];
        // Whose it is comes first: a script looks for it.
        var row = new RowWriter(64 + fact.Line.Length);
        row.WriteHead(fact.Customer);
        row.WriteText(fact.FactId);
        row.WriteText(fact.Reason);
        row.WriteLong(fact.AtMs);
        row.WriteRest(fact.Line.Span);
        RedisValue[] arguments = [name, row.ToArray(), kept];
        node.Run(database => KeepRow.RunAsync(database, _keys, arguments));
    }

    public IReadOnlyList<(long Number, UndeliveredFact Fact)> Read(string subscriber, long after, int max)
    {
        var found = new List<(long, UndeliveredFact)>();
        while (found.Count < max)
        {
            RedisValue[] arguments = [RowWriter.Head(subscriber), after, PageSize];
            var answer = (RedisValue[])node.Run(database => ReadRows.RunAsync(database, [_keys[0], _keys[1]], arguments))!;
            if (answer[0].IsNullOrEmpty)
                break;
            after = (long)answer[0];
            for (int i = 1; i < answer.Length && found.Count < max; i += 2)
                found.Add(((long)answer[i], Row(subscriber, (byte[])answer[i + 1]!)));
        }
        return found;
    }

    /// <summary>Those of the erased customer's ids.</summary>
    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        long removed = 0;
        RedisValue cursor = "0";
        do
        {
            RedisValue[] arguments = [cursor, PageSize, .. erasure.Ids.Select(id => (RedisValue)RowWriter.Head(id))];
            var answer = (RedisValue[])(await Task.Run(() => node.Run(database => EraseRows.RunAsync(database, [_keys[0], _keys[1]], arguments)), cancel).ConfigureAwait(false))!;
            cursor = answer[0];
            removed += (long)answer[1];
        }
        while (cursor != "0");
        return removed;
    }

    private static UndeliveredFact Row(string subscriber, byte[] bytes)
    {
        var row = new RowReader(bytes);
        string customer = row.ReadHead();
        return new UndeliveredFact(subscriber, row.ReadText()!, customer, row.ReadText()!, row.ReadLong(), row.ReadRest());
    }
}
