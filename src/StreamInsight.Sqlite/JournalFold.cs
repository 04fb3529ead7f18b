using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>Moves customers from the journal to the table, some at a time. Doing it twice does no harm; the journal row goes when all are over.</summary>
internal sealed class JournalFold(SqliteConnection connection) : IDisposable
{
    private readonly Statement _begin = new(connection, "BEGIN IMMEDIATE", 0);
    private readonly Statement _commit = new(connection, "COMMIT", 0);
    private readonly Statement _rollback = new(connection, "ROLLBACK", 0);
    private readonly Statement _lastRow = new(connection, "SELECT coalesce(max(n), 0) FROM journal", 0);
    private readonly Statement _forget = new(connection, "DELETE FROM journal WHERE n <= ?1", 1);
    private readonly Statement _find = new(connection, "SELECT rowid, coalesce(stage, '') FROM customers WHERE id = ?1", 1);
    private readonly Statement _insert = new(connection, "INSERT INTO customers (id, due, stage, state) VALUES (?1, ?2, ?3, ?4)", 4);
    private readonly Statement _update = new(connection, "UPDATE customers SET due = ?2, stage = ?3, state = ?4 WHERE rowid = ?1", 4);
    private readonly Statement _delete = new(connection, "DELETE FROM customers WHERE rowid = ?1", 1);
    private readonly Statement _count = new(connection, "INSERT INTO stages VALUES (?1, ?2) ON CONFLICT DO UPDATE SET customers = customers + excluded.customers", 2);

    public long LastRow() => (long)_lastRow.Scalar()!;

    public void Apply(ArraySegment<CustomerRow> rows) => Transaction(() =>
    {
        var change = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (CustomerRow row in rows)
            Apply(row, change);
        foreach ((string stage, int customers) in change)
        {
            if (customers != 0)
                _count.Run(stage, customers);
        }
    });

    public void Forget(long upTo) => Transaction(() => _forget.Run(upTo));

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[_begin, _commit, _rollback, _lastRow, _forget, _find, _insert, _update, _delete, _count])
            statement.Dispose();
    }

    private void Apply(CustomerRow row, Dictionary<string, int> change)
    {
        long? rowid = null;
        using (SqliteDataReader found = _find.Query(row.Id))
        {
            if (found.Read())
            {
                rowid = found.GetInt64(0);
                Count(found.GetString(1), -1);
            }
        }
        if (row.State.IsEmpty)
        {
            if (rowid is not null)
                _delete.Run(rowid);
            return;
        }
        Count(row.Stage ?? "", 1);
        object? due = row.NextTimerMs == long.MaxValue ? null : row.NextTimerMs;
        if (rowid is null)
            _insert.Run(row.Id, due, row.Stage, row.State.ToArray());
        else
            _update.Run(rowid, due, row.Stage, row.State.ToArray());

        void Count(string stage, int by) => change[stage] = change.GetValueOrDefault(stage) + by;
    }

    private void Transaction(Action work)
    {
        _begin.Run();
        try
        {
            work();
            _commit.Run();
        }
        catch
        {
            try
            {
                _rollback.Run();
            }
            catch (SqliteException)
            {
                // SQLite has rolled back by itself; the first error is the one to tell.
            }
            throw;
        }
    }
}
