using StackExchange.Redis;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>
/// Facts to Redis by the key contract: a stream per trigger, a sorted set per segment and queue, a hash per customer, aliases to it. One script per customer and delivery, which compares seq:
/// facts that come again, or after newer ones, change nothing. One Redis (a primary, with replicas or without); not a Redis Cluster, see docs/decisions.
/// </summary>
public sealed class RedisFactSink : IFactSink
{
    public const string SinkName = "redis";

    private readonly RedisOptions _options;
    private readonly TimeProvider _clock;
    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly CustomerRecord _records;
    private readonly RedisScript _script;
    private readonly RedisScript _endScript;

    /// <summary>Throws <see cref="DependencyUnavailableException"/> for an address that makes no sense; connects only when it is first used.</summary>
    public RedisFactSink(RedisOptions options, TimeProvider? clock = null)
    {
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _connection = new RedisConnection(options);
        _keys = new RedisKeys(options.Prefix, options.Partition);
        _script = new RedisScript(CustomerScript.Text, options);
        _endScript = new RedisScript(EndScript.Text, options);
        _records = new CustomerRecord(_keys, LookupAlias.With(options));
    }

    public string Name => SinkName;

    /// <summary>Connects. Throws <see cref="DependencyUnavailableException"/> with one line that says what to do.</summary>
    public async Task CheckAsync(CancellationToken cancel) => await _connection.OpenAsync(cancel).ConfigureAwait(false);

    public async Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        try
        {
            var database = await _connection.OpenAsync(cancel).ConfigureAwait(false);
            foreach (var flight in Updates(facts).Chunk(_options.MaxInFlight))
                await SendAsync(database, flight, cancel).ConfigureAwait(false);
            await EndAsync(database, facts, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _connection.Drop();
            _script.Forget();
            _endScript.Forget();
            throw new DependencyUnavailableException($"Redis at {_connection.Where}: {RedisConnection.Reason(e)}", e);
        }
        catch (OperationCanceledException)
        {
            _connection.Drop(); // with what is still under way
            throw;
        }
    }

    /// <summary>
    /// Removes every key with our prefix: for a fresh start on an old Redis, whose records would otherwise be newer than anything that comes (the demo).
    /// Throws <see cref="DependencyUnavailableException"/> like <see cref="CheckAsync"/>.
    /// </summary>
    public async Task<long> ClearAsync(CancellationToken cancel)
    {
        var database = await _connection.OpenAsync(cancel).ConfigureAwait(false);
        string pattern = RedisKeys.Escape(_options.Prefix) + "*";
        long removed = 0;
        string cursor = "0";
        do
        {
            var page = (RedisResult[])(await database.ExecuteAsync("SCAN", cursor, "MATCH", pattern, "COUNT", "1000").WaitAsync(cancel).ConfigureAwait(false))!;
            cursor = (string)page[0]!;
            var keys = (RedisKey[])page[1]!;
            if (keys.Length > 0)
                removed += await database.KeyDeleteAsync(keys).WaitAsync(cancel).ConfigureAwait(false);
        }
        while (cursor != "0");
        return removed;
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Who was merged into another: a customer that was in no segment ends without a fact of its own. After all others: its record comes before its end.</summary>
    private async Task EndAsync(IDatabase database, IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        string[] ended = [.. facts.Where(fact => fact.Kind == FactKind.Merged).Select(fact => fact.Subject!).Distinct()];
        if (ended.Length > 0)
            await _endScript.RunAsync(database, [.. ended.Select(id => (new[] { _keys.Customer(id), _keys.Cursor(id), _keys.Holdings(id), _keys.Warm }, new RedisValue[] { id }))], cancel).ConfigureAwait(false);
    }

    /// <summary>By customer, each customer's facts in order.</summary>
    private IEnumerable<CustomerUpdate> Updates(IReadOnlyList<OutboxFact> facts)
    {
        var updates = new Dictionary<string, CustomerUpdate>();
        foreach (var fact in facts)
        {
            if (!updates.TryGetValue(fact.Customer, out var update))
                updates[fact.Customer] = update = new CustomerUpdate(fact.Customer);
            update.Add(fact, _keys, isForUs: fact.To is null || fact.To.Contains(Name));
        }
        return updates.Values;
    }

    private async Task SendAsync(IDatabase database, CustomerUpdate[] updates, CancellationToken cancel)
    {
        long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await _script.RunAsync(database, [.. updates.Select(update => (update.Keys(_keys), update.Arguments(_records, _options.StreamLength, nowMs)))], cancel).ConfigureAwait(false);
    }
}
