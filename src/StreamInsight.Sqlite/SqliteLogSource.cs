using Microsoft.Data.Sqlite;
using StreamInsight.Events;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>Reads the embedded log in order, from where the state stands.</summary>
internal sealed class SqliteLogSource : IEventSource
{
    private const int RowsARead = 1024;

    private readonly SqliteFile _file;
    private readonly SqliteLog _log;
    private readonly TimeProvider _time;
    private readonly SqliteConnection _connection;
    private readonly Statement _read;
    private long _position;

    public SqliteLogSource(SqliteFile file, SqliteLog log, TimeProvider time)
    {
        _file = file;
        _log = log;
        _time = time;
        _connection = file.Guard(() => file.Connect());
        _read = new Statement(_connection, "SELECT n, at, body FROM log WHERE n > ?1 ORDER BY n LIMIT ?2", 2);
    }

    public string Name => SourcePosition.Log;

    public long? Lag => _log.Last - Volatile.Read(ref _position);

    public Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        _position = applied.GetValueOrDefault(SourcePosition.Log);
        _log.Applied(_position);
        return Task.CompletedTask;
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        if (Read(batch))
            return true;
        await _log.Grown.WaitAsync(IEventSource.Heartbeat, _time, cancel);
        Read(batch);
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied)
    {
        if (applied.TryGetValue(SourcePosition.Log, out long number))
            _log.Applied(number);
    }

    public ValueTask DisposeAsync()
    {
        _read.Dispose();
        return _connection.DisposeAsync();
    }

    private bool Read(RecordBatch batch) => _file.Guard(() =>
    {
        long horizonMs = _log.HorizonMs;    // before the look: what is committed after it is not older
        int rows = 0;
        using (SqliteDataReader row = _read.Query(_position, RowsARead))
        {
            while (!batch.IsFull && row.Read())
            {
                rows++;
                Volatile.Write(ref _position, row.GetInt64(0));
                batch.Add(row.GetFieldValue<byte[]>(2), row.GetInt64(1), SourcePosition.Log, _position);
            }
        }
        batch.IsCaughtUp = rows < RowsARead && !batch.IsFull;
        if (batch.IsCaughtUp)
            batch.HorizonMs = horizonMs;
        return rows > 0;
    });
}
