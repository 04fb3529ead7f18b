using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Sqlite;

/// <summary>Takes messages out of the log, in turns short enough that no append waits long. Done twice it finds nothing.</summary>
internal sealed class LogEraser : IDisposable
{
    private const int RowsATurn = 2000;

    private readonly SqliteFile _file;
    private readonly NamedRecord _names;
    private readonly SqliteConnection _connection;
    private readonly HotStatement _read, _begin, _commit, _rollback, _delete, _replace;

    public LogEraser(SqliteFile file, NamedRecord names)
    {
        _file = file;
        _names = names;
        _connection = file.Connect();
        SqliteFile.Execute(_connection, SqliteFile.OverwriteDeleted);
        _read = new HotStatement(_connection, "SELECT n, body FROM log WHERE n > ?1 AND n <= ?2 ORDER BY n LIMIT ?3");
        _begin = new HotStatement(_connection, "BEGIN IMMEDIATE");
        _commit = new HotStatement(_connection, "COMMIT");
        _rollback = new HotStatement(_connection, "ROLLBACK");
        _delete = new HotStatement(_connection, "DELETE FROM log WHERE n = ?1");
        _replace = new HotStatement(_connection, "UPDATE log SET body = ?2 WHERE n = ?1");
    }

    /// <summary>By how much the log has become smaller.</summary>
    public long Bytes { get; private set; }

    public long Erase(long upTo, CancellationToken cancel)
    {
        long messages = 0, after = 0;
        var changes = new List<(long Row, ReadOnlyMemory<byte> Body, int Less)>();
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            changes.Clear();
            int rows = 0;
            _read.Bind(1, after).Bind(2, upTo).Bind(3, RowsATurn);
            while (_read.Step())
            {
                rows++;
                after = _read.Long(0);
                if (!_names.MayName(_read.Blob(1)))
                    continue;
                byte[] body = _read.Blob(1).ToArray();
                ReadOnlyMemory<byte> rest = _names.Rest(body, out int removed);
                if (removed > 0)
                    changes.Add((after, rest, body.Length - rest.Length));
                messages += removed;
            }
            Write(changes);
            if (rows < RowsATurn)
                return messages;
        }
    }

    public void Dispose()
    {
        foreach (HotStatement statement in (HotStatement[])[_read, _begin, _commit, _rollback, _delete, _replace])
            statement.Dispose();
        _connection.Dispose();
    }

    private void Write(List<(long Row, ReadOnlyMemory<byte> Body, int Less)> changes)
    {
        if (changes.Count == 0)
            return;
        lock (_file.WriteGate)
        {
            _begin.Run();
            try
            {
                foreach ((long row, ReadOnlyMemory<byte> rest, _) in changes)
                {
                    if (rest.IsEmpty)
                        _delete.Bind(1, row).Run();
                    else
                        _replace.Bind(1, row).Bind(2, rest.Span).Run();
                }
                _commit.Run();
            }
            catch
            {
                Rollback();
                throw;
            }
        }
        Bytes += changes.Sum(change => (long)change.Less);
    }

    private void Rollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself; the first error is the one to tell.
        }
    }
}
