using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>
/// One key under the prefix that says "this is a demo", so that the next demo may clear what it finds, and never clears an installation's keys.
/// </summary>
public sealed class RedisDemoMark(RedisOptions options) : IDisposable
{
    private readonly RedisConnection _connection = new(options);
    private readonly string _key = options.Prefix + "demo";

    /// <summary>Looks. Throws <see cref="DependencyUnavailableException"/> with one line that says what to do when Redis cannot be reached.</summary>
    public async Task<RedisPrefixUse> LookAsync(CancellationToken cancel)
    {
        var database = await _connection.OpenAsync(cancel).ConfigureAwait(false);
        if (await database.KeyExistsAsync(_key).WaitAsync(cancel).ConfigureAwait(false))
            return RedisPrefixUse.Demo;
        string cursor = "0";
        do
        {
            var page = (RedisResult[])(await database.ExecuteAsync("SCAN", cursor, "MATCH", options.Prefix + "*", "COUNT", "1000").WaitAsync(cancel).ConfigureAwait(false))!;
            if (((RedisKey[])page[1]!).Length > 0)
                return RedisPrefixUse.Installation;
            cursor = (string)page[0]!;
        }
        while (cursor != "0");
        return RedisPrefixUse.Nobody;
    }

    /// <summary>Sets the mark; to be done before the first fact is delivered.</summary>
    public async Task SetAsync(CancellationToken cancel)
    {
        var database = await _connection.OpenAsync(cancel).ConfigureAwait(false);
        await database.StringSetAsync(_key, "keys with this prefix come from 'streaminsight demo', which may delete them").WaitAsync(cancel).ConfigureAwait(false);
    }

    public void Dispose() => _connection.Dispose();
}
