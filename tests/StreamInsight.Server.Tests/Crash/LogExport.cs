using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>The embedded log as a file for <c>replay</c>: each record with its log time as <c>receivedAt</c>.</summary>
public static class LogExport
{
    public static (int Records, long LastMs) Write(string dataFolder, string path)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(dataFolder, SqliteFile.FileName)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT at, body FROM log ORDER BY n";
        using SqliteDataReader row = command.ExecuteReader();
        using StreamWriter file = new(path);
        int records = 0;
        long lastMs = 0;
        while (row.Read())
        {
            lastMs = row.GetInt64(0);
            file.WriteLine(Line(Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1)), lastMs));
            records++;
        }
        return (records, lastMs);
    }

    /// <summary>The record with its record time in it.</summary>
    public static string Line(string body, long recordTimeMs) => $"{body.TrimEnd()[..^1]},\"receivedAt\":\"{Instant(recordTimeMs)}\"}}";

    public static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
