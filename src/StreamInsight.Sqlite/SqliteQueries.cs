using Microsoft.Data.Sqlite;
using StreamInsight.Events;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>What the HTTP side and the tools ask of the file: committed state only. Any thread; one question at a time.</summary>
public sealed class SqliteQueries : IDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteStateStore _store;
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    public SqliteQueries(SqliteFile file, SqliteStateStore store)
    {
        _file = file;
        _store = store;
        _connection = file.Guard(() => file.Connect());
    }

    /// <summary>Members by segment.</summary>
    public IReadOnlyDictionary<string, long> CountMembers() => Ask("SELECT segment, count(*) FROM members GROUP BY segment", [], row => (row.GetString(0), row.GetInt64(1)))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>Everything that is counted, by name; see <see cref="SegmentCounts"/>.</summary>
    public IReadOnlyDictionary<string, long> ReadCounters() => Ask("SELECT name, n FROM counters", [], row => (row.GetString(0), row.GetInt64(1)))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>Customers by journey stage.</summary>
    public IReadOnlyDictionary<string, long> CountByStage() => _store.CountByStage();

    /// <summary>Members of a segment and since when (UTC ms), by customer, after one, at most <paramref name="max"/>.</summary>
    public IReadOnlyList<(string Customer, long SinceMs)> ReadMembers(string segment, string after, int max) => Ask(
        "SELECT customer, since FROM members WHERE segment = ?1 AND customer > ?2 ORDER BY customer LIMIT ?3",
        [segment, after, max],
        row => (row.GetString(0), row.GetInt64(1)));

    /// <summary>The newest kept facts of a customer before an outbox position, newest first.</summary>
    public IReadOnlyList<OutboxFact> ReadFactsOf(string customer, long before, int max) => Ask(
        $"SELECT {FactRow.Columns} FROM facts WHERE customer = ?1 AND n < ?2 ORDER BY n DESC LIMIT ?3",
        [customer, before, max],
        FactRow.Read);

    /// <summary>The record of a decision, JSON (UTF-8); null = there is none (any more).</summary>
    public byte[]? ReadDecision(string id) => Ask("SELECT body FROM decisions WHERE id = ?1", [id], row => row.GetFieldValue<byte[]>(0)).FirstOrDefault();

    /// <summary>Customers of a queue, the highest score first and among equals by customer, after one, at most <paramref name="max"/>.</summary>
    /// <param name="afterScore"><see cref="double.PositiveInfinity"/> = from the first.</param>
    public IReadOnlyList<(string Customer, double Score)> ReadQueue(string queue, double afterScore, string afterCustomer, int max) => Ask(
        "SELECT customer, score FROM routed WHERE queue = ?1 AND (score < ?2 OR (score = ?2 AND customer > ?3)) ORDER BY score DESC, customer LIMIT ?4",
        [queue, afterScore, afterCustomer, max],
        row => (row.GetString(0), row.GetDouble(1)));

    /// <summary>Customers whose contacts are routed, by id, after one, at most <paramref name="max"/>.</summary>
    public IReadOnlyList<string> ReadRouted(string after, int max) =>
        Ask("SELECT customer FROM routed WHERE customer > ?1 ORDER BY customer LIMIT ?2", [after, max], row => row.GetString(0));

    /// <summary>Customers by queue.</summary>
    public IReadOnlyList<(string Queue, long Customers)> CountQueues() =>
        Ask("SELECT queue, count(*) FROM routed WHERE queue <> '' GROUP BY queue ORDER BY queue", [], row => (row.GetString(0), row.GetInt64(1)));

    /// <summary>Dead letters after a number, in order, at most <paramref name="max"/>.</summary>
    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => _store.ReadDeadLetters(after, max);

    /// <summary>Dead letters that a filter lets through, in order.</summary>
    public IReadOnlyList<StoredDeadLetter> ReadDeadLetters(DeadLetterFilter filter) => Ask(
        "SELECT n, source, offset, place, reason, at, record, requeued FROM dead WHERE n > ?1 AND (?2 IS NULL OR reason = ?2) AND at >= ?3 AND at < ?4 "
        + "AND (?5 = 0 OR requeued IS NULL) ORDER BY n LIMIT ?6",
        [filter.After, filter.Reason is { } reason ? (int)reason : null, filter.SinceMs, filter.UntilMs, filter.OnlyOpen ? 1 : 0, filter.Max],
        row => new StoredDeadLetter(
            new DeadLetter(
                row.GetInt64(0), new SourcePosition(row.GetString(1), row.GetInt64(2), row.GetInt32(3)), (Refusal)row.GetInt32(4), row.GetInt64(5),
                row.GetFieldValue<byte[]>(6)),
            row.IsDBNull(7) ? 0 : row.GetInt64(7)));

    public void Dispose() => _connection.Dispose();

    private List<T> Ask<T>(string sql, object?[] values, Func<SqliteDataReader, T> read)
    {
        lock (_gate)
        {
            return _file.Guard(() =>
            {
                using var statement = new Statement(_connection, sql, values.Length);
                using SqliteDataReader row = statement.Query(values);
                var answer = new List<T>();
                while (row.Read())
                    answer.Add(read(row));
                return answer;
            });
        }
    }
}
