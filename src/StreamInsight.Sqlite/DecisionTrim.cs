using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>Removes decisions that are kept no longer, some at a time, so that no commit waits long. Age is counted back from the newest: no clock is asked.</summary>
internal sealed class DecisionTrim(SqliteConnection connection, DecisionRetention retention) : IDisposable
{
    private const int RowsATurn = 500;

    private readonly Statement _old = new(
        connection,
        $"""
        DELETE FROM decisions WHERE n IN (
            SELECT n FROM (SELECT n, at FROM decisions ORDER BY n LIMIT {RowsATurn}) WHERE at < (SELECT at FROM decisions ORDER BY n DESC LIMIT 1) - ?1)
        """,
        1);

    private readonly Statement _many = new(
        connection,
        $"DELETE FROM decisions WHERE n IN (SELECT n FROM decisions WHERE n <= (SELECT max(n) FROM decisions) - ?1 ORDER BY n LIMIT {RowsATurn})",
        1);

    /// <summary>One turn; true = there may be more.</summary>
    public bool Turn()
    {
        int removed = _old.Run((long)retention.Keep.TotalMilliseconds) + _many.Run(retention.Max);
        return removed >= RowsATurn;
    }

    public void Dispose()
    {
        _old.Dispose();
        _many.Dispose();
    }
}
