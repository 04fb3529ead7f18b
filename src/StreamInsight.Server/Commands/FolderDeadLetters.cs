using System.Globalization;
using StreamInsight.Server.Http;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Commands;

/// <summary>Of a data folder, also while its service runs.</summary>
internal sealed class FolderDeadLetters(string folder) : IDeadLetterBook
{
    public IReadOnlyList<KeptDeadLetter> Read(DeadLetterFilter filter, DeadLetterId after)
    {
        using SqliteFile file = SqliteFile.OpenReadOnly(folder);
        using var store = new SqliteStateStore(file);
        using var queries = new SqliteQueries(file, store);
        return
        [
            .. queries.ReadDeadLetters(filter with { After = after.Number }).Select(stored => new KeptDeadLetter(
                new DeadLetterId(null, stored.Letter.Number), stored.Letter, stored.RequeuedAs > 0 ? stored.RequeuedAs.ToString(CultureInfo.InvariantCulture) : null)),
        ];
    }
}
