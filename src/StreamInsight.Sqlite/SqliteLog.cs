using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using StreamInsight.Events;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Sqlite;

/// <summary>
/// The embedded log. An append is done when the record is on the disk; appends that come while one commit runs share the next one.
/// Records are numbered 1, 2, 3 … and carry the time of their commit, which steps back only if the clock steps back by more than a second.
/// </summary>
public sealed class SqliteLog : IAsyncDisposable, IErasable
{
    private const int MaxAppendsACommit = 512;
    private const long MaxClockSlewMs = 1000;
    private const string BytesProgress = "log_bytes";

    private readonly SqliteFile _file;
    private readonly SqliteLogOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<LogAppend> _waiting;
    private readonly SqliteConnection _connection;
    private readonly Statement _begin, _commit, _rollback, _insert, _bytes, _oldest, _trim;
    private readonly RequeuedLetters _requeued;
    private readonly Lock _gate = new();
    private readonly Task _writer;
    private long _last;
    private long _lastAtMs;
    private long _writingAtMs = long.MaxValue;
    private long _storedBytes;
    private long _applied;
    private long _trimAgainMs;
    private long _erasedBytes;

    public SqliteLog(SqliteFile file, SqliteLogOptions options, TimeProvider time)
    {
        _file = file;
        _options = options;
        _time = time;
        _waiting = Channel.CreateBounded<LogAppend>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
        _connection = file.Guard(() => file.Connect());
        _begin = new Statement(_connection, "BEGIN IMMEDIATE", 0);
        _commit = new Statement(_connection, "COMMIT", 0);
        _rollback = new Statement(_connection, "ROLLBACK", 0);
        _insert = new Statement(_connection, "INSERT INTO log VALUES (?1, ?2, ?3)", 3);
        _bytes = new Statement(_connection, $"INSERT INTO progress VALUES ('{BytesProgress}', ?1) ON CONFLICT DO UPDATE SET n = excluded.n", 1);
        _oldest = new Statement(_connection, "SELECT n, at, length(body) FROM log ORDER BY n LIMIT ?1", 1);
        _trim = new Statement(_connection, "DELETE FROM log WHERE n <= ?1", 1);
        _requeued = file.Guard(() => new RequeuedLetters(_connection));
        file.Guard(LoadEnd);
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Number of the last record; 0 = none yet.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Number of the last record whose effects are durable.</summary>
    public long LastApplied => Volatile.Read(ref _applied);

    /// <summary>Set when there is something new to read.</summary>
    internal WakeSignal Grown { get; } = new();

    /// <summary>Every record that is not committed yet will have this time or a later one.</summary>
    internal long HorizonMs
    {
        get
        {
            lock (_gate)
                return Math.Min(_writingAtMs, NextTimeMs());
        }
    }

    /// <summary>
    /// Done when the record is durable; gives its number. Throws <see cref="LogRefusedException"/> when there is no room or the disk does not take it:
    /// then nothing was stored.
    /// </summary>
    public ValueTask<long> AppendAsync(byte[] body)
    {
        var append = new LogAppend(body);
        return _waiting.Writer.TryWrite(append)
            ? new ValueTask<long>(append.Done.Task)
            : ValueTask.FromException<long>(new LogRefusedException("Too many requests wait for the disk, or it is being shut down. Try again in a second."));
    }

    /// <summary>
    /// Puts a dead letter's record back as a new one, and marks the letter, both or neither. Gives the record's number; 0 = there is no such letter, or it was put back before.
    /// Throws like <see cref="AppendAsync"/>.
    /// </summary>
    public ValueTask<long> RequeueAsync(long deadLetter)
    {
        var append = new LogAppend([], deadLetter);
        return _waiting.Writer.TryWrite(append)
            ? new ValueTask<long>(append.Done.Task)
            : ValueTask.FromException<long>(new LogRefusedException("Too many requests wait for the disk, or it is being shut down. Try again in a second."));
    }

    /// <summary>Where the pipeline reads it.</summary>
    public IEventSource OpenSource() => new SqliteLogSource(_file, this, _time);

    string IErasable.Name => SourcePosition.Log;

    /// <summary>Takes out the messages that name one of the ids, as far as they were applied before; the others keep their positions. Gives the messages.</summary>
    Task<long> IErasable.EraseAsync(Erasure erasure, CancellationToken cancel) => Task.Run(
        () => _file.Guard(() =>
        {
            using var eraser = new LogEraser(_file, new NamedRecord(erasure.Ids));
            long messages = eraser.Erase(erasure.Positions.GetValueOrDefault(SourcePosition.Log), cancel);
            Interlocked.Add(ref _erasedBytes, eraser.Bytes);
            return messages;
        }),
        cancel);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writer;
        foreach (Statement statement in (Statement[])[_begin, _commit, _rollback, _insert, _bytes, _oldest, _trim])
            statement.Dispose();
        _requeued.Dispose();
        await _connection.DisposeAsync();
    }

    /// <summary>The pipeline has made the effects of records up to here durable.</summary>
    internal void Applied(long number) => Volatile.Write(ref _applied, Math.Max(_applied, number));

    private async Task WriteAsync()
    {
        var group = new List<LogAppend>(MaxAppendsACommit);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MaxAppendsACommit && _waiting.Reader.TryRead(out LogAppend? append))
                group.Add(append);
            _storedBytes -= Interlocked.Exchange(ref _erasedBytes, 0);
            if (IsFull)
            {
                // What was applied since makes room before anything is refused.
                _trimAgainMs = 0;
                Trim();
            }
            Append(group);
            Trim();
        }
    }

    private bool IsFull => _storedBytes > 2 * _options.MaxBytes;

    private void Append(List<LogAppend> group)
    {
        if (IsFull)
        {
            var full = new LogRefusedException($"The embedded log holds {_storedBytes >> 20} MiB that are not processed yet. Try again later.");
            foreach (LogAppend append in group)
                append.Done.SetException(full);
            return;
        }
        long atMs;
        lock (_gate)
            atMs = _writingAtMs = NextTimeMs();
        try
        {
            long bytes = _file.Guard(() => Write(group, atMs));
            lock (_gate)
            {
                _last += group.Count;
                _lastAtMs = atMs;
                _storedBytes += bytes;
            }
        }
        catch (DependencyUnavailableException error)
        {
            foreach (LogAppend append in group)
                append.Done.SetException(new LogRefusedException(error.Message, error));
            return;
        }
        finally
        {
            lock (_gate)
                _writingAtMs = long.MaxValue;
        }
        Grown.Set();
        long number = _last - group.Count;
        foreach (LogAppend append in group)
        {
            number++;
            append.Done.SetResult(append.IsSkipped ? 0 : number);
        }
    }

    private long Write(List<LogAppend> group, long atMs)
    {
        lock (_file.WriteGate)
        {
            _begin.Run();
            try
            {
                long bytes = 0;
                for (int i = 0; i < group.Count; i++)
                {
                    if (group[i].DeadLetter > 0 && !_requeued.Take(group[i], _last + 1 + i))
                        continue;
                    _insert.Run(_last + 1 + i, atMs, group[i].Body);
                    bytes += group[i].Body.Length;
                }
                _bytes.Run(_storedBytes + bytes);
                _commit.Run();
                return bytes;
            }
            catch
            {
                Rollback();
                throw;
            }
        }
    }

    /// <summary>At most once a second, at most a thousand records: applied ones that are too old, or too many.</summary>
    private void Trim()
    {
        long nowMs = NowMs;
        if (nowMs < _trimAgainMs)
            return;
        _trimAgainMs = nowMs + 1000;
        try
        {
            _file.Guard(() => TrimOldest(nowMs));
        }
        catch (DependencyUnavailableException)
        {
            // The next append meets the same trouble and tells whoever waits for it.
        }
    }

    private void TrimOldest(long nowMs)
    {
        long until = 0, bytes = 0, applied = Volatile.Read(ref _applied);
        using (SqliteDataReader row = _oldest.Query(1000))
        {
            while (row.Read() && row.GetInt64(0) <= applied)
            {
                bool isOld = nowMs - row.GetInt64(1) > _options.Retention.TotalMilliseconds;
                if (!isOld && _storedBytes - bytes <= _options.MaxBytes)
                    break;
                until = row.GetInt64(0);
                bytes += row.GetInt64(2);
            }
        }
        if (until == 0)
            return;
        lock (_file.WriteGate)
        {
            _begin.Run();
            try
            {
                _trim.Run(until);
                _bytes.Run(_storedBytes - bytes);
                _commit.Run();
            }
            catch
            {
                Rollback();
                throw;
            }
        }
        _storedBytes -= bytes;
    }

    private void Rollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (full disk); the first error is the one to tell.
        }
    }

    private void LoadEnd()
    {
        using var end = new Statement(
            _connection,
            $"SELECT max(coalesce((SELECT max(n) FROM log), 0), coalesce((SELECT offset FROM positions WHERE source = '{SourcePosition.Log}'), 0)), " +
            $"coalesce((SELECT at FROM log ORDER BY n DESC LIMIT 1), 0), coalesce((SELECT n FROM progress WHERE name = '{BytesProgress}'), 0)",
            0);
        using SqliteDataReader row = end.Query();
        row.Read();
        (_last, _lastAtMs, _storedBytes) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>Clocks are slewed back by a few milliseconds now and then; customers' clocks would call that late. A real step back is passed on.</summary>
    private long NextTimeMs()
    {
        long nowMs = NowMs;
        return nowMs < _lastAtMs && _lastAtMs - nowMs <= MaxClockSlewMs ? _lastAtMs : nowMs;
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
