using StackExchange.Redis;

namespace StreamInsight.Redis;

/// <summary>A script that Redis keeps by its hash; sent again where Redis has lost it. One caller at a time.</summary>
internal sealed class RedisScript(string text, RedisOptions options)
{
    private byte[]? _hash;

    /// <summary>After the connection was lost: the next one may lead to another Redis.</summary>
    public void Forget() => _hash = null;

    /// <summary>All calls at once down one connection, which Redis runs in this order; their answers.</summary>
    public async Task<RedisResult[]> RunAsync(IDatabase database, IReadOnlyCollection<(RedisKey[] Keys, RedisValue[] Arguments)> calls, CancellationToken cancel)
    {
        _hash ??= await LoadAsync(database, cancel).ConfigureAwait(false);
        for (int tries = 0; ; tries++)
        {
            var sent = calls.Select(call => database.ScriptEvaluateAsync(_hash, call.Keys, call.Arguments)).ToArray();
            try
            {
                return await Task.WhenAll(sent).WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false);
            }
            catch (RedisServerException e) when (tries == 0 && e.Message.Contains("NOSCRIPT", StringComparison.Ordinal))
            {
                // Redis was restarted behind our back, or its scripts were flushed. Those that did run change nothing the second time.
                _hash = await LoadAsync(database, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task<byte[]> LoadAsync(IDatabase database, CancellationToken cancel)
    {
        var hash = (string)(await database.ExecuteAsync("SCRIPT", "LOAD", text).WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false))!;
        return Convert.FromHexString(hash);
    }
}
