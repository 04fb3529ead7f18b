using StreamInsight.Sqlite;

namespace StreamInsight.Server.Http;

/// <summary>Into the embedded log.</summary>
internal sealed class LogIntake(SqliteLog log) : IEventIntake
{
    public Task AppendAsync(byte[] record) => log.AppendAsync(record).AsTask();
}
