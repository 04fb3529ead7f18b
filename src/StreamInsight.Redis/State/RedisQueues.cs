using System.Globalization;
using StackExchange.Redis;

namespace StreamInsight.Redis.State;

/// <summary>Who is for which queue, as the key contract holds it: what the sinks of all partitions have delivered. Throws as <see cref="RedisNode"/> does. Any thread.</summary>
public sealed class RedisQueues(RedisNode node)
{
    private const int KeysACall = 10_000;

    /// <summary>
    /// A page in the order of highest score, then customer. KEYS: the queue. ARGV: score and customer behind which to begin, how many. Redis orders equals by their bytes, ascending, and the whole by
    /// score, ascending: so it goes from group to group of equal scores, downwards.
    /// </summary>
    private static readonly StateScript ReadPage = new(StateScripts.IsAfter + """
        local score, customer, left, answer = ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
        while left > 0 do
          local first = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)
          local low, high = first, redis.call('ZCOUNT', KEYS[1], '-inf', score)
          local behind = high
          while low < high do
            local middle = math.floor((low + high) / 2)
            if is_after(redis.call('ZRANGE', KEYS[1], middle, middle)[1], customer) then high = middle else low = middle + 1 end
          end
          if low < behind then
            local page = redis.call('ZRANGE', KEYS[1], low, math.min(behind, low + left) - 1)
            for i = 1, #page do
              answer[#answer + 1] = page[i]
              answer[#answer + 1] = score
            end
            left = left - #page
          end
          if first == 0 then break end
          score, customer = redis.call('ZRANGE', KEYS[1], first - 1, first - 1, 'WITHSCORES')[2], ''
        end
        return answer
        """);

    /// <summary>Customers of a queue, the highest score first and among equals by customer, after one, at most <paramref name="max"/>.</summary>
    /// <param name="afterScore"><see cref="double.PositiveInfinity"/> = from the first.</param>
    public IReadOnlyList<(string Customer, double Score)> Read(string queue, double afterScore, string afterCustomer, int max)
    {
        RedisKey key = new RedisKeys(node.Options.Prefix).Queue(queue);
        RedisValue[] arguments = [double.IsPositiveInfinity(afterScore) ? "+inf" : afterScore.ToString("R", CultureInfo.InvariantCulture), afterCustomer, max];
        var flat = (RedisResult[])node.Run(database => ReadPage.RunAsync(database, [key], arguments))!;
        var page = new List<(string, double)>(flat.Length / 2);
        for (int i = 0; i < flat.Length; i += 2)
            page.Add(((string)flat[i]!, double.Parse((string)flat[i + 1]!, CultureInfo.InvariantCulture)));
        return page;
    }

    /// <summary>Customers by queue, those without any left out. Names come from what was routed, so Redis looks through all of its keys.</summary>
    public IReadOnlyList<(string Queue, long Customers)> Count()
    {
        string before = node.Options.Prefix + "q:";
        var keys = new HashSet<string>(StringComparer.Ordinal);
        string cursor = "0";
        do
        {
            string from = cursor;
            var page = (RedisResult[])node.Run(database => database.ExecuteAsync("SCAN", from, "MATCH", RedisKeys.Escape(before) + "*", "COUNT", KeysACall))!;
            cursor = (string)page[0]!;
            keys.UnionWith(((RedisKey[])page[1]!).Select(key => (string)key!));
        }
        while (cursor != "0");
        string[] found = [.. keys.Order(StringComparer.Ordinal)];
        long[] counts = node.Run(database => Task.WhenAll(found.Select(key => database.SortedSetLengthAsync(key))));
        return [.. found.Zip(counts, (key, count) => (key[before.Length..], count)).Where(queue => queue.count > 0)];
    }
}
