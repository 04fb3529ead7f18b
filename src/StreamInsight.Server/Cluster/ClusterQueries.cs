using System.Buffers;
using StreamInsight.Decisions;
using StreamInsight.Explain;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Scores;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Answers of a cluster, the same from every node: what is committed, of whichever partition. Facts are committed as they happen; other changes of a profile are at most a checkpoint
/// interval behind.
/// </summary>
internal sealed class ClusterQueries(ClusterStores stores, RedisMembers members, RedisQueues queues, CompiledModel model, TimeProvider time) : IInsightQueries
{
    public Task<byte[]?> ProfileAsync(string id) => OfCustomerAsync(id, (host, root) => host.ProfileAsync(root));

    public Task<byte[]?> ExplainAsync(string id) => OfCustomerAsync(id, (host, root) => host.ExplainAsync(root, time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Outcomes of all partitions together. Every partition learns by itself: of a score, what the one says that has learned from most.</summary>
    public Task<byte[]> ReportAsync() => Task.Run(() =>
    {
        var book = new OutcomeBook(model);
        ScoreReport[]? scores = null;
        foreach (SharedState shared in Enumerable.Range(0, stores.Count).Select(stores.Shared))
        {
            book.Add(shared.Outcomes);
            ScoreReport[] theirs = [.. shared.Scores.Select(score => score.Report)];
            scores = scores is null ? theirs : [.. scores.Zip(theirs, (most, other) => other.Evidence > most.Evidence ? other : most)];
        }
        var output = new ArrayBufferWriter<byte>();
        ReportWriter.Write(model, book, scores!, output);
        return output.WrittenSpan.ToArray();
    });

    public Task<IReadOnlyList<OutboxFact>> FactsOfAsync(string customer, long before, int max) => Task.Run(() => stores.Reader(stores.HomeOf(customer)).ReadFactsOf(customer, before, max));

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

    /// <summary>Every partition is told, first that of messages without a customer.</summary>
    public Task<QueueState?> QueueStateAsync(string name) => Task.Run(() =>
    {
        QueueBoard board = stores.Shared(stores.HomeOf("")).Queues;
        return board.IndexOf(name) is >= 0 and var queue ? board.At(queue, time.GetUtcNow().ToUnixTimeMilliseconds()) : (QueueState?)null;
    });

    public Task<IReadOnlyList<(string Customer, double Score)>> QueueAsync(string name, double afterScore, string afterCustomer, int max) =>
        Task.Run(() => queues.Read(name, afterScore, afterCustomer, max));

    public Task<IReadOnlyList<(string Queue, long Customers)>> QueuesAsync() => Task.Run(queues.Count);

    /// <summary>Committed facts of all partitions that a sink has not taken yet, as far as that is committed.</summary>
    public Task<long> BehindAsync(string sink) => Task.Run(() =>
        stores.All.Select(store => store.ReadStanding()).Sum(standing => standing.LastFact - Math.Min(standing.LastFact, standing.Cursors.GetValueOrDefault(sink))));

    private Task<byte[]?> OfCustomerAsync(string id, Func<ICustomerHost, string, ValueTask<byte[]?>> ask) => Task.Run(async () =>
    {
        string root = stores.RootOf(id);
        return await ask(stores.Read(stores.HomeOf(root)), root);
    });
}
