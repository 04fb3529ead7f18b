using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Answers of a cluster, the same from every node: what is committed, of whichever partition. Facts are committed as they happen; other changes of a profile are at most a checkpoint
/// interval behind.
/// </summary>
internal sealed class ClusterQueries(ClusterStores stores, RedisMembers members, CompiledModel model, TimeProvider time) : IInsightQueries
{
    private const int Page = 5000;

    public Task<byte[]?> ProfileAsync(string id) => OfCustomerAsync(id, (host, root) => host.ProfileAsync(root));

    public Task<byte[]?> ExplainAsync(string id) => OfCustomerAsync(id, (host, root) => host.ExplainAsync(root, time.GetUtcNow().ToUnixTimeMilliseconds()));

    public Task<byte[]> ReportAsync() => throw new DependencyUnavailableException(
        "A report counts all partitions together, which a cluster does not yet. Read streaminsight_action_outcomes of all nodes from /metrics, or replay the log with 'streaminsight report'.");

    public Task<IReadOnlyList<OutboxFact>> FactsOfAsync(string customer, long before, int max) => Task.Run<IReadOnlyList<OutboxFact>>(() =>
    {
        IStateStore store = stores.Reader(stores.HomeOf(customer));
        var found = new List<OutboxFact>();
        for (long after = 0; store.ReadFacts(after, Page) is { Count: > 0 } page; after = page[^1].Position)
            found.AddRange(page.Where(fact => fact.Customer == customer && fact.Position < before));
        found.Reverse();
        return found.Count <= max ? found : found[..max];
    });

    public Task<IReadOnlyDictionary<string, SegmentFlow>> SegmentsAsync() => Task.Run<IReadOnlyDictionary<string, SegmentFlow>>(() =>
    {
        var flows = new Dictionary<string, SegmentFlow>();
        foreach (IReadOnlyDictionary<string, long> counters in stores.All.Select(store => store.LoadCounters()))
            foreach (string segment in model.Segments.Select(segment => segment.Name))
            {
                SegmentFlow before = flows.GetValueOrDefault(segment);
                flows[segment] = new SegmentFlow(
                    before.Entered + counters.GetValueOrDefault(SegmentCounts.Entered + segment), before.Left + counters.GetValueOrDefault(SegmentCounts.Left + segment));
            }
        return flows;
    });

    public Task<IReadOnlyList<(string Customer, long SinceMs)>> MembersOfAsync(string segment, string after, int max) => members.ReadAsync(segment, after, max);

    public Task<IReadOnlyDictionary<string, long>> StagesAsync() => Task.Run<IReadOnlyDictionary<string, long>>(() =>
        stores.All.SelectMany(store => store.CountByStage()).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value)));

    public Task<byte[]?> DecisionAsync(string id) => Task.Run(() => stores.All.Select(store => store.ReadDecision(id)).FirstOrDefault(record => record is not null));

    private Task<byte[]?> OfCustomerAsync(string id, Func<ICustomerHost, string, ValueTask<byte[]?>> ask) => Task.Run(async () =>
    {
        string root = stores.RootOf(id);
        return await ask(stores.Read(stores.HomeOf(root)), root);
    });
}
