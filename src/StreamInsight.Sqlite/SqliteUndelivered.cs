using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Sqlite;

/// <summary>
/// Triggers that no subscriber took, by subscriber; the newest are kept. Any thread; rare, so each write is a commit of its own.
/// The table is made here, so that files from before it need no upgrade.
/// </summary>
public sealed class SqliteUndelivered : IUndelivered, IErasable
{
    private readonly SqliteFile _file;
    private readonly int _kept;

    /// <param name="kept">How many stay; the oldest go.</param>
    public SqliteUndelivered(SqliteFile file, int kept)
    {
        _file = file;
        _kept = kept;
        Write(connection => SqliteFile.Execute(connection, """
            CREATE TABLE IF NOT EXISTS undelivered (
                n INTEGER PRIMARY KEY AUTOINCREMENT, subscriber TEXT NOT NULL, fact TEXT NOT NULL, customer TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, line BLOB NOT NULL,
                UNIQUE (subscriber, fact));
            CREATE INDEX IF NOT EXISTS undelivered_by_customer ON undelivered (customer);
            """));
    }

    public void Keep(UndeliveredFact fact) => Write(connection =>
    {
        using var insert = new Statement(connection, "INSERT INTO undelivered (subscriber, fact, customer, reason, at, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING", 6);
        insert.Run(fact.Subscriber, fact.FactId, fact.Customer, fact.Reason, fact.AtMs, fact.Line.ToArray());
        using var trim = new Statement(connection, "DELETE FROM undelivered WHERE n <= (SELECT max(n) FROM undelivered) - ?1", 1);
        trim.Run(_kept);
    });

    public IReadOnlyList<(long Number, UndeliveredFact Fact)> Read(string subscriber, long after, int max) => _file.Guard(() =>
    {
        using SqliteConnection connection = _file.Connect();
        using var query = new Statement(connection, "SELECT n, fact, customer, reason, at, line FROM undelivered WHERE subscriber = ?1 AND n > ?2 ORDER BY n LIMIT ?3", 3);
        using SqliteDataReader row = query.Query(subscriber, after, max);
        var found = new List<(long, UndeliveredFact)>();
        while (row.Read())
            found.Add((row.GetInt64(0), new UndeliveredFact(subscriber, row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), (byte[])row.GetValue(5))));
        return found;
    });

    public string Name => "undelivered";

    /// <summary>Those of the erased customer's ids.</summary>
    public Task<long> EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        long removed = 0;
        // Mostly there is nothing, and a commit costs a sync of the disk.
        if (!erasure.Ids.Any(HasAny))
            return Task.FromResult(removed);
        Write(connection =>
        {
            using var delete = new Statement(connection, "DELETE FROM undelivered WHERE customer = ?1", 1);
            foreach (string id in erasure.Ids)
                removed += delete.Run(id);
        });
        return Task.FromResult(removed);
    }

    private bool HasAny(string customer) => _file.Guard(() =>
    {
        using SqliteConnection connection = _file.Connect();
        using var query = new Statement(connection, "SELECT 1 FROM undelivered WHERE customer = ?1 LIMIT 1", 1);
        return query.Scalar(customer) is not null;
    });

    private void Write(Action<SqliteConnection> work) => _file.Guard(() =>
    {
        lock (_file.WriteGate)
        {
            using SqliteConnection connection = _file.Connect();
            work(connection);
        }
    });
}
