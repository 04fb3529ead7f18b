using System.Text.Json;
using Microsoft.Data.Sqlite;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>A fact of the outbox as a row of <c>facts</c>.</summary>
internal static class FactRow
{
    public const string Columns = "n, id, customer, seq, at, kind, cause, subject, targets, expires, line, after";

    public const string Insert = $"INSERT INTO facts ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

    public static void Write(Statement insert, OutboxFact fact) => insert.Run(
        fact.Position, fact.Id, fact.Customer, fact.Seq, fact.AtMs, (int)fact.Kind, fact.Cause, fact.Subject,
        fact.To is null ? null : string.Join(',', fact.To), fact.ExpiresAtMs, fact.Line.ToArray(),
        fact.After is null ? null : JsonSerializer.Serialize(fact.After, ViewJson.Default.CustomerView));

    public static OutboxFact Read(SqliteDataReader row) => new()
    {
        Position = row.GetInt64(0),
        Id = row.GetString(1),
        Customer = row.GetString(2),
        Seq = row.GetInt64(3),
        AtMs = row.GetInt64(4),
        Kind = (FactKind)row.GetInt32(5),
        Cause = row.GetString(6),
        Subject = row.IsDBNull(7) ? null : row.GetString(7),
        To = row.IsDBNull(8) ? null : row.GetString(8).Split(',', StringSplitOptions.RemoveEmptyEntries),
        ExpiresAtMs = row.GetInt64(9),
        Line = row.GetFieldValue<byte[]>(10),
        After = row.IsDBNull(11) ? null : JsonSerializer.Deserialize(row.GetString(11), ViewJson.Default.CustomerView),
    };
}
