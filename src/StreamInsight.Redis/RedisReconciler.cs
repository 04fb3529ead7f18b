using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>
/// Compares Redis with what should be there, and writes that. Streams of triggers are not written: what was delivered once is not delivered again. One caller at a time.
/// </summary>
public sealed class RedisReconciler(RedisOptions options, TimeProvider? clock = null) : IDisposable
{
    private const int ACall = 1000;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly RedisConnection _connection = new(options);
    private readonly RedisKeys _keys = new(options.Prefix, options.Partition);
    private readonly CustomerRecord _records = new(new RedisKeys(options.Prefix, options.Partition), LookupAlias.With(options));
    private readonly RedisScript _script = new(ReconcileScript.Text, options);

    /// <summary>Writes what should be there of customers. Gives how many were not as they should be, and how many Redis knows newer facts of (look again later).</summary>
    /// <param name="segments">All segments of the model.</param>
    public Task<(long Written, long Newer)> WriteAsync(IEnumerable<ReconcileItem> items, IReadOnlyList<string> segments, CancellationToken cancel) => TalkAsync(async database =>
    {
        long written = 0, newer = 0;
        foreach (ReconcileItem[] part in items.Chunk(ACall))
        {
            long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            RedisResult[] answers = await _script.RunAsync(database, [.. part.Select(item => (Keys(item, segments), Arguments(item, segments, nowMs)))], cancel).ConfigureAwait(false);
            written += answers.Count(answer => (int)answer == ReconcileScript.Written);
            newer += answers.Count(answer => (int)answer == ReconcileScript.Newer);
        }
        return (written, newer);
    }, cancel);

    /// <summary>Members of a segment in Redis with the time of their entry, UTC ms.</summary>
    public Task<Dictionary<string, long>> MembersAsync(string segment, CancellationToken cancel) => TalkAsync(async database =>
    {
        var members = new Dictionary<string, long>(StringComparer.Ordinal);
        string cursor = "0";
        do
        {
            var page = (RedisResult[])(await database.ExecuteAsync("ZSCAN", _keys.Segment(segment), cursor, "COUNT", ACall).WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false))!;
            cursor = (string)page[0]!;
            var pairs = (RedisValue[])page[1]!;
            for (int i = 0; i < pairs.Length; i += 2)
                members[(string)pairs[i]!] = (long)(double)pairs[i + 1];
        }
        while (cursor != "0");
        return members;
    }, cancel);

    /// <summary>How many members a segment has in Redis.</summary>
    public Task<long> CountMembersAsync(string segment, CancellationToken cancel) =>
        TalkAsync(database => database.SortedSetLengthAsync(_keys.Segment(segment)).WaitAsync(options.CommandTimeout, cancel), cancel);

    /// <summary>Takes out of a segment who should not be in it.</summary>
    public Task RemoveAsync(string segment, IReadOnlyList<string> customers, CancellationToken cancel) => TalkAsync(async database =>
    {
        foreach (string[] part in customers.Chunk(ACall))
            await database.SortedSetRemoveAsync(_keys.Segment(segment), [.. part.Select(customer => (RedisValue)customer)]).WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false);
        return true;
    }, cancel);

    /// <summary>The last seq Redis knows of customers; 0 = it knows none (any more).</summary>
    public Task<long[]> SeqsAsync(IReadOnlyList<string> customers, CancellationToken cancel) => TalkAsync(async database =>
    {
        RedisValue[] seqs = await database.StringGetAsync([.. customers.Select(customer => _keys.Cursor(customer))]).WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false);
        return seqs.Select(seq => seq.HasValue ? (long)seq : 0).ToArray();
    }, cancel);

    /// <summary>Reads the mark that says whose these keys are; null = there is none: Redis is new, or has lost everything.</summary>
    public Task<string?> ReadMarkAsync(CancellationToken cancel) => TalkAsync(async database =>
        (string?)await database.StringGetAsync(_keys.Mark).WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false), cancel);

    public Task WriteMarkAsync(string mark, CancellationToken cancel) => TalkAsync(database => database.StringSetAsync(_keys.Mark, mark).WaitAsync(options.CommandTimeout, cancel), cancel);

    public void Dispose() => _connection.Dispose();

    private RedisKey[] Keys(ReconcileItem item, IReadOnlyList<string> segments)
    {
        string customer = item.View.Customer;
        return [_keys.Customer(customer), _keys.Cursor(customer), _keys.Holdings(customer), _keys.Warm, .. segments.Select(segment => _keys.Segment(segment))];
    }

    private RedisValue[] Arguments(ReconcileItem item, IReadOnlyList<string> segments, long nowMs) =>
    [
        item.View.Customer, item.Seq, CustomerScript.CursorSeconds,
        .. segments.Select(segment => Since(item, segment)),
        .. _records.Arguments(item.View, nowMs),
    ];

    private static RedisValue Since(ReconcileItem item, string segment)
    {
        if (item.Since.TryGetValue(segment, out long sinceMs))
            return sinceMs;
        return "";
    }

    private async Task<T> TalkAsync<T>(Func<IDatabase, Task<T>> talk, CancellationToken cancel)
    {
        try
        {
            return await talk(await _connection.OpenAsync(cancel).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _connection.Drop();
            _script.Forget();
            throw new DependencyUnavailableException($"Redis at {_connection.Where}: {RedisConnection.Reason(e)}", e);
        }
    }
}
