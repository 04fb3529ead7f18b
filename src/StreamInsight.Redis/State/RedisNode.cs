using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis.State;

/// <summary>
/// One node's connection to the Redis that holds the state of its partitions, shared by all of them. Made when it is needed, and made anew after it was lost. Any thread.
/// </summary>
public sealed class RedisNode : IDisposable
{
    private readonly ConfigurationOptions _settings;
    private readonly Lock _gate = new();
    private ConnectionMultiplexer? _connection;
    private DependencyUnavailableException? _failure;
    private int _attempts;
    private long _lastAnswer;
    private volatile bool _isDisposed;

    /// <summary>Throws <see cref="DependencyUnavailableException"/> for an address that makes no sense; connects only when it is first used.</summary>
    public RedisNode(RedisOptions options)
    {
        Options = options;
        _settings = RedisAddress.Parse(options);
    }

    public RedisOptions Options { get; }

    /// <summary>Where it connects to, for messages.</summary>
    public string Where => RedisAddress.Describe(_settings);

    /// <summary>
    /// Connects, and gives what about this Redis endangers the state: one line each, which says what to do. Throws <see cref="DependencyUnavailableException"/> when it cannot be reached.
    /// </summary>
    public IReadOnlyList<string> Check() => Run(database => RedisSettings.FaultsAsync(database, Where));

    public void Dispose()
    {
        _isDisposed = true;
        lock (_gate)
        {
            _connection?.Close(allowCommandsToComplete: false);
            _connection = null;
        }
    }

    /// <summary>
    /// Has Redis do something. Throws <see cref="DependencyUnavailableException"/>: with a <see cref="RedisServerException"/> inside Redis has refused it, otherwise it may have done it all the same.
    /// </summary>
    internal T Run<T>(Func<IDatabase, Task<T>> work)
    {
        ConnectionMultiplexer connection = Connect();
        long asked = Environment.TickCount64;
        using var room = BlockedThreads.Enter();
        try
        {
            // Not by the client's synchronous calls: when a connection dies, they have been seen to return nothing, or another call's answer.
            T answer = work(connection.GetDatabase()).WaitAsync(Options.CommandTimeout).GetAwaiter().GetResult();
            Volatile.Write(ref _lastAnswer, Environment.TickCount64);
            return answer;
        }
        catch (RedisServerException e)
        {
            bool isOther = IsOther(e.Message);
            if (isOther)
                Drop(connection);
            throw new DependencyUnavailableException(Explain(RedisConnection.Reason(e)), e) { MayPass = isOther || WillPass(e.Message) };
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            // Where others were answered meanwhile, it is slow and not gone: their work is not cut off.
            if (e is not TimeoutException || Volatile.Read(ref _lastAnswer) < asked)
                Drop(connection);
            throw new DependencyUnavailableException(Explain(RedisConnection.Reason(e)), e) { MayPass = true };
        }
    }

    private ConnectionMultiplexer Connect()
    {
        int attempts = Volatile.Read(ref _attempts);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            // The client would keep a command until it has connected again, or for as long as a command may take.
            if (_connection is { IsConnected: true })
                return _connection;
            if (_connection is { } lost)
                Retire(lost);
            // Whoever waited while another tried in vain need not try again at once.
            if (_attempts != attempts && _failure is not null)
                throw new DependencyUnavailableException(_failure.Message, _failure.InnerException) { MayPass = _failure.MayPass };
            _attempts++;
            try
            {
                _failure = null;
                using var room = BlockedThreads.Enter();
                return _connection = ConnectionMultiplexer.Connect(_settings);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                string reason = RedisConnection.Reason(e);
                _failure = new DependencyUnavailableException($"Redis at {Where} cannot be reached: {reason}. Check the address, the password and that redis-server runs.", e) { MayPass = !IsRefused(reason) };
                throw _failure;
            }
        }
    }

    /// <summary>The next use connects anew.</summary>
    private void Drop(ConnectionMultiplexer connection)
    {
        lock (_gate)
        {
            if (_connection != connection)
                return;
            Retire(connection);
        }
    }

    private void Retire(ConnectionMultiplexer connection)
    {
        _connection = null;
        // Not while others may still be given their answers from it: the client hands its buffers back at once. And closing waits for a peer that may be gone.
        _ = Task.Delay(2 * Options.CommandTimeout).ContinueWith(_ => connection.Close(allowCommandsToComplete: false), TaskScheduler.Default);
    }

    private string Explain(string reason) => $"Redis at {Where}: {reason}" + reason.Split(' ')[0] switch
    {
        "OOM" => " Give it more memory (maxmemory), or free some; nothing that was committed is lost.",
        "MISCONF" => " Look at its disk and its log.",
        "NOREPLICAS" => " Its min-replicas-to-write asks for replicas that are not there.",
        _ => "",
    };

    /// <summary>This one is no primary (any more): the next connection finds who is.</summary>
    private static bool IsOther(string message) => Says(message, "READONLY", "MASTERDOWN", "NOAUTH");

    private static bool WillPass(string message) =>
        Says(message, "OOM", "LOADING", "BUSY", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "UNBLOCKED", "max number of clients");

    private static bool IsRefused(string reason) => Says(reason, "WRONGPASS", "NOAUTH", "invalid password", "AuthenticationFailure", "NOPERM");

    private static bool Says(string message, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (message.Contains(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
