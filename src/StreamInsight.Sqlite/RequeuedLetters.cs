using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>Takes dead letters for the log, each once. Part of the log's write transaction.</summary>
internal sealed class RequeuedLetters(SqliteConnection connection) : IDisposable
{
    private readonly Statement _read = new(connection, "SELECT record, at FROM dead WHERE n = ?1 AND requeued IS NULL", 1);
    private readonly Statement _mark = new(connection, "UPDATE dead SET requeued = ?2 WHERE n = ?1", 2);

    /// <summary>False: there is no such letter, or it was put back before.</summary>
    public bool Take(LogAppend append, long number)
    {
        using (SqliteDataReader row = _read.Query(append.DeadLetter))
        {
            append.IsSkipped = !row.Read();
            if (append.IsSkipped)
                return false;
            append.Body = RequeuedRecord.WithItsTime(row.GetFieldValue<byte[]>(0), row.GetInt64(1));
        }
        _mark.Run(append.DeadLetter, number);
        return true;
    }

    public void Dispose()
    {
        _read.Dispose();
        _mark.Dispose();
    }
}
