using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Server.Commands;
using StreamInsight.Server.Http;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Cluster;

/// <summary>Of a cluster, from its state in Redis, whether nodes run or not.</summary>
internal sealed class ClusterDeadLetters(RedisOptions redis) : IDeadLetterBook
{
    private const int PageSize = 1000;

    public IReadOnlyList<KeptDeadLetter> Read(DeadLetterFilter filter, DeadLetterId after)
    {
        using ClusterState state = ClusterState.Open(redis);
        var found = new List<KeptDeadLetter>();
        int first = after.Partition ?? 0;
        foreach (RedisStateStore store in state.Stores.Skip(first))
        {
            IReadOnlyDictionary<long, string> putBack = state.Requeued.Read(store.Partition);
            long from = store.Partition == first ? after.Number : 0;
            while (found.Count < filter.Max && store.ReadDeadLetters(from, PageSize) is { Count: > 0 } page)
            {
                found.AddRange(page.Where(letter => Passes(filter, letter) && !(filter.OnlyOpen && putBack.ContainsKey(letter.Number)))
                    .Select(letter => new KeptDeadLetter(new DeadLetterId(store.Partition, letter.Number), letter, putBack.GetValueOrDefault(letter.Number))));
                from = page[^1].Number;
            }
        }
        return found.Count <= filter.Max ? found : found[..filter.Max];
    }

    private static bool Passes(DeadLetterFilter filter, DeadLetter letter) =>
        (filter.Reason is null || filter.Reason == letter.Reason) && letter.RecordTimeMs >= filter.SinceMs && letter.RecordTimeMs < filter.UntilMs;
}
