using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using StreamInsight.Facts;
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
            append.Body = WithItsTime(row.GetFieldValue<byte[]>(0), row.GetInt64(1));
        }
        _mark.Run(append.DeadLetter, number);
        return true;
    }

    public void Dispose()
    {
        _read.Dispose();
        _mark.Dispose();
    }

    /// <summary>A message that names no time meant that of its record, not that of its return.</summary>
    private static byte[] WithItsTime(byte[] record, long atMs)
    {
        if (atMs == SourceRecord.TimeInMessage)
            return record;
        try
        {
            using JsonDocument json = JsonDocument.Parse(record);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || json.RootElement.EnumerateObject().Any(member => member.Name is "timestamp" or "originalTimestamp" or "sentAt" or "time" or "batch"))
                return record;
            bool isEmpty = !json.RootElement.EnumerateObject().Any();
            int close = record.AsSpan().LastIndexOf((byte)'}');
            string name = json.RootElement.TryGetProperty("specversion", out _) ? "time" : "timestamp";
            byte[] member = Encoding.ASCII.GetBytes($"{(isEmpty ? "" : ",")}\"{name}\":\"{InstantText.Of(atMs)}\"");
            return [.. record.AsSpan(0, close), .. member, .. record.AsSpan(close)];
        }
        catch (JsonException)
        {
            return record;
        }
    }
}
