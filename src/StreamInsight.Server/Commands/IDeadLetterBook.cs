using StreamInsight.Server.Http;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Commands;

/// <summary>The dead letters that <c>dead</c> looks at: of a data folder, or of a cluster.</summary>
internal interface IDeadLetterBook
{
    /// <summary>Those that a filter lets through, after one, in order: of their numbers, on a cluster of partition and number.</summary>
    /// <param name="filter">Its own <see cref="DeadLetterFilter.After"/> does not count.</param>
    IReadOnlyList<KeptDeadLetter> Read(DeadLetterFilter filter, DeadLetterId after);
}
