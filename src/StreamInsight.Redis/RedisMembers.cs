using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>Members of segments as the key contract holds them. Any thread.</summary>
public sealed class RedisMembers(RedisOptions options) : IDisposable
{
    private readonly RedisConnection _connection = new(options);
    private readonly RedisKeys _keys = new(options.Prefix);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>By customer, after one, at most <paramref name="max"/>. Redis orders them by time, so all are read for every page.</summary>
    public async Task<IReadOnlyList<(string Customer, long SinceMs)>> ReadAsync(string segment, string after, int max)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            IDatabase database = await _connection.OpenAsync(CancellationToken.None).ConfigureAwait(false);
            SortedSetEntry[] all = await database.SortedSetRangeByRankWithScoresAsync(_keys.Segment(segment)).ConfigureAwait(false);
            return [.. all.Select(entry => ((string)entry.Element!, (long)entry.Score)).Where(member => string.CompareOrdinal(member.Item1, after) > 0).OrderBy(member => member.Item1, StringComparer.Ordinal).Take(max)];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _connection.Drop();
            throw new DependencyUnavailableException($"Redis at {_connection.Where}: {RedisConnection.Reason(e)}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _connection.Dispose();
}
