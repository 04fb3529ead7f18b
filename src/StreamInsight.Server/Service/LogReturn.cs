using System.Globalization;
using StreamInsight.Server.Http;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Service;

/// <summary>Dead letters of one process, back into its embedded log.</summary>
internal sealed class LogReturn(SqliteLog log) : IDeadLetterReturn
{
    public async Task<string?> ReturnAsync(DeadLetterId letter) =>
        letter.Partition is null && await log.RequeueAsync(letter.Number) is > 0 and var record ? record.ToString(CultureInfo.InvariantCulture) : null;
}
