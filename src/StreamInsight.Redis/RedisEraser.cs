using StackExchange.Redis;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Redis;

/// <summary>
/// Removes what Redis holds of an erased customer: the keys of each of its ids, the lookup aliases that lead to it, its places in sets of segments and queues,
/// and its entries in the streams of triggers. Looks at every set and stream with our prefix, whatever the model says now. One caller at a time.
/// </summary>
public sealed class RedisEraser : IErasable, IDisposable
{
    private const int EntriesACall = 5000, KeysACall = 10_000, AliasesACall = 1000;

    // KEYS: stream. ARGV: start, count, ids … Gives the start of the next call ('' = the end) and how many entries went.
    private const string EraseEntries = """
        local from, count = ARGV[1], tonumber(ARGV[2])
        local ids = {}
        for i = 3, #ARGV do ids[ARGV[i]] = true end
        local entries = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', count)
        local gone, last = 0, ''
        for _, entry in ipairs(entries) do
          last = entry[1]
          local fields = entry[2]
          for i = 1, #fields, 2 do
            if fields[i] == 'customer' then
              if ids[fields[i + 1]] then gone = gone + redis.call('XDEL', KEYS[1], entry[1]) end
              break
            end
          end
        end
        if #entries < count then return {'', gone} end
        -- The next id there can be; '(' for "after" is not known to Redis before 6.2.
        local ms, seq = string.match(last, '^(%d+)-(%d+)$')
        return {ms .. '-' .. string.format('%d', tonumber(seq) + 1), gone}
        """;

    private readonly RedisOptions _options;
    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;

    /// <summary>Throws <see cref="DependencyUnavailableException"/> for an address that makes no sense; connects only when it is first used.</summary>
    public RedisEraser(RedisOptions options)
    {
        _options = options;
        _connection = new RedisConnection(options);
        _keys = new RedisKeys(options.Prefix, options.Partition);
    }

    /// <summary>That of the sink: it comes after it.</summary>
    public string Name => "redis";

    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        try
        {
            IDatabase database = await _connection.OpenAsync(cancel).ConfigureAwait(false);
            RedisValue[] ids = [.. erasure.Ids.Select(id => (RedisValue)id)];
            var aliases = new List<RedisKey>();
            foreach (string id in erasure.Ids)
            {
                foreach (RedisValue key in await database.HashKeysAsync(_keys.Holdings(id)).WaitAsync(cancel).ConfigureAwait(false))
                    aliases.Add((string)key!);
            }
            long removed = await EraseAliasesAsync(database, aliases, erasure.Ids.ToHashSet(StringComparer.Ordinal), cancel).ConfigureAwait(false);
            removed += await database.KeyDeleteAsync([.. erasure.Ids.SelectMany(id => new[] { _keys.Customer(id), _keys.Cursor(id), _keys.Holdings(id) })])
                .WaitAsync(cancel).ConfigureAwait(false);
            await database.SortedSetRemoveAsync(_keys.Warm, ids).WaitAsync(cancel).ConfigureAwait(false);
            foreach (RedisKey key in await FindAsync(database, cancel).ConfigureAwait(false))
            {
                switch (((string)key!)[_options.Prefix.Length])
                {
                    case 's' or 'q':
                        removed += await database.SortedSetRemoveAsync(key, ids).WaitAsync(cancel).ConfigureAwait(false);
                        break;
                    default:
                        removed += await EraseFromStreamAsync(database, key, ids, cancel).ConfigureAwait(false);
                        break;
                }
            }
            return removed;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _connection.Drop();
            throw new DependencyUnavailableException($"Redis at {_connection.Where}: {RedisConnection.Reason(e)}", e);
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Sets and streams; the customers' own keys are known.</summary>
    private async Task<List<RedisKey>> FindAsync(IDatabase database, CancellationToken cancel)
    {
        string pattern = RedisKeys.Escape(_options.Prefix) + "[stq]:*";
        var keys = new List<RedisKey>();
        string cursor = "0";
        do
        {
            var page = (RedisResult[])(await database.ExecuteAsync("SCAN", cursor, "MATCH", pattern, "COUNT", KeysACall).WaitAsync(cancel).ConfigureAwait(false))!;
            cursor = (string)page[0]!;
            keys.AddRange((RedisKey[])page[1]!);
        }
        while (cursor != "0");
        return keys;
    }

    private static async Task<long> EraseFromStreamAsync(IDatabase database, RedisKey stream, RedisValue[] ids, CancellationToken cancel)
    {
        long removed = 0;
        string from = "-";
        while (from.Length > 0)
        {
            var answer = (RedisResult[])(await database.ScriptEvaluateAsync(EraseEntries, [stream], [from, EntriesACall, .. ids]).WaitAsync(cancel).ConfigureAwait(false))!;
            from = (string)answer[0]!;
            removed += (long)answer[1];
        }
        return removed;
    }

    private static async Task<long> EraseAliasesAsync(IDatabase database, List<RedisKey> aliases, HashSet<string> ids, CancellationToken cancel)
    {
        long removed = 0;
        foreach (RedisKey[] page in aliases.Chunk(AliasesACall))
        {
            RedisValue[] customers = await database.StringGetAsync(page).WaitAsync(cancel).ConfigureAwait(false);
            RedisKey[] theirs = [.. page.Where((_, i) => customers[i].HasValue && ids.Contains((string)customers[i]!))];
            if (theirs.Length > 0)
                removed += await database.KeyDeleteAsync(theirs).WaitAsync(cancel).ConfigureAwait(false);
        }
        return removed;
    }
}
