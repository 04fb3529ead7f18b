using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>
/// One connection that is made when it is needed, and made anew after it failed: how often to try is the caller's business, so an outage may last for ever.
/// One caller at a time.
/// </summary>
internal sealed class RedisConnection(RedisOptions options) : IDisposable
{
    private readonly ConfigurationOptions _settings = RedisAddress.Parse(options);
    private ConnectionMultiplexer? _connection;

    /// <summary>Where it connects to, for messages.</summary>
    public string Where => RedisAddress.Describe(_settings);

    /// <summary>Throws <see cref="DependencyUnavailableException"/> with one line that says what to do.</summary>
    public async Task<IDatabase> OpenAsync(CancellationToken cancel)
    {
        if (_connection is null)
        {
            try
            {
                var connecting = ConnectionMultiplexer.ConnectAsync(_settings);
                // Not given up half-way: a connection that is made after all would have no owner.
                _connection = await connecting.ConfigureAwait(false);
                await _connection.GetDatabase().PingAsync().WaitAsync(options.CommandTimeout, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                Drop();
                throw new DependencyUnavailableException($"Redis at {Where} cannot be reached: {Reason(e)}. Check the address, the password and that redis-server runs.", e);
            }
        }
        return _connection.GetDatabase();
    }

    /// <summary>After any failure: the next use connects anew.</summary>
    public void Drop()
    {
        var connection = _connection;
        _connection = null;
        // Closing waits for a peer that may be gone; nobody else waits for it.
        if (connection is not null)
            _ = Task.Run(() => connection.Close(allowCommandsToComplete: false));
    }

    public void Dispose()
    {
        // Everything we sent was awaited. A polite close may take the older client as long as a command may.
        _connection?.Close(allowCommandsToComplete: false);
        _connection = null;
    }

    /// <summary>One line of a failure; the client's own messages are paragraphs of diagnostics.</summary>
    public static string Reason(Exception e)
    {
        string text = e is TimeoutException ? "it does not answer" : e.Message;
        foreach (string known in (ReadOnlySpan<string>)["WRONGPASS", "NOAUTH", "invalid password", "AuthenticationFailure", "OOM", "READONLY", "LOADING", "CROSSSLOT", "MOVED"])
        {
            int at = text.IndexOf(known, StringComparison.Ordinal);
            if (at >= 0)
                return text[at..].Split('\n', ';')[0].Trim();
        }
        if (e is RedisConnectionException connection)
            return connection.FailureType.ToString();
        return text.Split('\n', ';')[0].Trim();
    }
}
