using Microsoft.Data.Sqlite;

namespace StreamInsight.Sqlite;

/// <summary>Moves customers from the journal to the table, some at a time. Doing it twice does no harm; the journal's rows go when all are over.</summary>
internal sealed class JournalFold(SqliteConnection connection) : IDisposable
{
    private readonly HotStatement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly HotStatement _commit = new(connection, "COMMIT");
    private readonly HotStatement _rollback = new(connection, "ROLLBACK");
    private readonly HotStatement _lastRow = new(connection, "SELECT coalesce(max(n), 0) FROM journal");
    private readonly HotStatement _read = new(connection, "SELECT body FROM journal WHERE n = ?1");
    private readonly HotStatement _forget = new(connection, "DELETE FROM journal WHERE n <= ?1");
    private readonly HotStatement _find = new(connection, "SELECT rowid, coalesce(stage, '') FROM customers WHERE id = ?1");
    private readonly HotStatement _insert = new(connection, "INSERT INTO customers (id, due, stage, state) VALUES (?1, ?2, ?3, ?4)");
    private readonly HotStatement _update = new(connection, "UPDATE customers SET due = ?2, stage = ?3, state = ?4 WHERE rowid = ?1");
    private readonly HotStatement _delete = new(connection, "DELETE FROM customers WHERE rowid = ?1");
    private readonly HotStatement _count = new(connection, "INSERT INTO stages VALUES (?1, ?2) ON CONFLICT DO UPDATE SET customers = customers + excluded.customers");

    public long LastRow()
    {
        _lastRow.Step();
        long last = _lastRow.Long(0);
        _lastRow.Reset();
        return last;
    }

    /// <summary>The packed customers of a journal row.</summary>
    public byte[] Read(long row)
    {
        byte[] blob = _read.Bind(1, row).Step() ? _read.Blob(0).ToArray() : throw new InvalidOperationException($"The journal has no row {row}.");
        _read.Reset();
        return blob;
    }

    /// <summary>Some customers of one journal row.</summary>
    public void Apply(ReadOnlySpan<byte> blob, ReadOnlySpan<JournalEntry> entries)
    {
        _begin.Run();
        try
        {
            var change = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (JournalEntry entry in entries)
                Apply(blob, entry.Customer, change);
            foreach ((string stage, int customers) in change)
            {
                if (customers != 0)
                    _count.Bind(1, stage).Bind(2, customers).Run();
            }
            _commit.Run();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Gives how many rows there were.</summary>
    public long Forget(long upTo)
    {
        _forget.Bind(1, upTo).Run();
        return SQLitePCL.raw.sqlite3_changes(connection.Handle!);
    }

    public void Dispose()
    {
        foreach (HotStatement statement in (HotStatement[])[_begin, _commit, _rollback, _lastRow, _read, _forget, _find, _insert, _update, _delete, _count])
            statement.Dispose();
    }

    private void Apply(ReadOnlySpan<byte> blob, PackedCustomer customer, Dictionary<string, int> change)
    {
        long? rowid = null;
        if (_find.Bind(1, customer.Id).Step())
        {
            rowid = _find.Long(0);
            Count(_find.Text(1), -1);
        }
        _find.Reset();
        if (customer.IsRemoved)
        {
            if (rowid is { } gone)
                _delete.Bind(1, gone).Run();
            return;
        }
        Count(customer.Stage ?? "", 1);
        HotStatement write = rowid is { } known ? _update.Bind(1, known) : _insert.Bind(1, customer.Id);
        if (customer.DueMs == long.MaxValue)
            write.BindNull(2);
        else
            write.Bind(2, customer.DueMs);
        write.Bind(3, customer.Stage).Bind(4, blob.Slice(customer.Start, customer.Length)).Run();

        void Count(string stage, int by) => change[stage] = change.GetValueOrDefault(stage) + by;
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
