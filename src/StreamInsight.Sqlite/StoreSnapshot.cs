using Microsoft.Data.Sqlite;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>
/// The file as it stood at one instant, whoever writes it meanwhile: customers, members, facts, counters and cursors that belong together. One thread. While it is open the
/// write-ahead log cannot shrink, so not for long.
/// </summary>
public sealed class StoreSnapshot : IDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly Statement _isMember;

    public StoreSnapshot(SqliteFile file)
    {
        _file = file;
        _connection = file.Guard(() => file.Connect());
        SqliteFile.Execute(_connection, "BEGIN");
        _isMember = new Statement(_connection, "SELECT since FROM members WHERE segment = ?1 AND customer = ?2", 2);
        // The first look is what it is a snapshot of.
        Counters = Table("SELECT name, n FROM counters");
        Cursors = Table("SELECT sink, n FROM cursors");
        LastFact = Table("SELECT 'n', coalesce(max(n), 0) FROM facts")["n"];
    }

    public IReadOnlyDictionary<string, long> Counters { get; }

    public IReadOnlyDictionary<string, long> Cursors { get; }

    /// <summary>Place of the last fact that is kept; 0 = none is.</summary>
    public long LastFact { get; }

    public IReadOnlyDictionary<string, long> CountMembers() => Table("SELECT segment, count(*) FROM members GROUP BY segment");

    /// <summary>Members of a segment with the time of their entry, UTC ms.</summary>
    public IEnumerable<(string Customer, long SinceMs)> Members(string segment)
    {
        using var all = new Statement(_connection, "SELECT customer, since FROM members WHERE segment = ?1", 1);
        using SqliteDataReader row = all.Query(segment);
        while (row.Read())
            yield return (row.GetString(0), row.GetInt64(1));
    }

    /// <summary>Since when a customer is a member, UTC ms; null = it is none.</summary>
    public long? MemberSince(string segment, string customer) => _isMember.Scalar(segment, customer) as long?;

    /// <summary>Customers whose last kept fact about a segment says other than the table of members.</summary>
    public long CountFactsThatDisagree(string segment)
    {
        using var count = new Statement(
            _connection,
            $"SELECT count(*) FROM (SELECT customer, kind, max(n) FROM facts WHERE subject = ?1 AND kind IN ({(int)FactKind.SegmentEntered}, {(int)FactKind.SegmentLeft}) GROUP BY customer) AS f "
            + $"WHERE (f.kind = {(int)FactKind.SegmentEntered}) <> EXISTS (SELECT 1 FROM members AS m WHERE m.segment = ?1 AND m.customer = f.customer)",
            1);
        return (long)count.Scalar(segment)!;
    }

    /// <summary>By customer, the seq of its first fact after a place in the outbox.</summary>
    public IReadOnlyDictionary<string, long> FirstSeqAfter(long position)
    {
        using var first = new Statement(_connection, "SELECT customer, min(seq) FROM facts WHERE n > ?1 GROUP BY customer", 1);
        using SqliteDataReader row = first.Query(position);
        var seqs = new Dictionary<string, long>(StringComparer.Ordinal);
        while (row.Read())
            seqs[row.GetString(0)] = row.GetInt64(1);
        return seqs;
    }

    /// <summary>Every customer with its encoded state, in no order.</summary>
    public IEnumerable<(string Customer, ReadOnlyMemory<byte> State)> Customers()
    {
        var newest = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        using (var journal = new Statement(_connection, "SELECT body FROM journal ORDER BY n", 0))
        using (SqliteDataReader row = journal.Query())
        {
            while (row.Read())
            {
                byte[] body = row.GetFieldValue<byte[]>(0);
                foreach (PackedCustomer customer in PackedCustomers.Unpack(body))
                    newest[customer.Id] = body.AsMemory(customer.Start, customer.Length);
            }
        }
        foreach ((string customer, ReadOnlyMemory<byte> state) in newest)
        {
            if (!state.IsEmpty)
                yield return (customer, state);
        }
        using var table = new Statement(_connection, "SELECT id, state FROM customers", 0);
        using SqliteDataReader stored = table.Query();
        while (stored.Read())
        {
            string customer = stored.GetString(0);
            if (!newest.ContainsKey(customer))
                yield return (customer, stored.GetFieldValue<byte[]>(1));
        }
    }

    public void Dispose()
    {
        _isMember.Dispose();
        _connection.Dispose();
    }

    private Dictionary<string, long> Table(string sql) => _file.Guard(() =>
    {
        using var statement = new Statement(_connection, sql, 0);
        using SqliteDataReader row = statement.Query();
        var table = new Dictionary<string, long>(StringComparer.Ordinal);
        while (row.Read())
            table[row.GetString(0)] = row.GetInt64(1);
        return table;
    });
}
