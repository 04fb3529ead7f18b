using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Service;

/// <summary>Answers of one process: profiles between two batches, the rest as it is committed.</summary>
internal sealed class ServiceQueries(InsightService service) : IInsightQueries
{
    public Task<byte[]?> ProfileAsync(string id) => service.Pipeline.AskAsync(host => host.ProfileAsync(id));

    public Task<byte[]?> ExplainAsync(string id) => service.Pipeline.AskAsync(host => host.ExplainAsync(id, service.Now.ToUnixTimeMilliseconds()));

    public Task<byte[]> ReportAsync() => service.Pipeline.AskAsync(host => host.ReportAsync());

    public Task<IReadOnlyList<OutboxFact>> FactsOfAsync(string customer, long before, int max) => Task.FromResult(service.Queries.ReadFactsOf(customer, before, max));

    public Task<IReadOnlyDictionary<string, SegmentFlow>> SegmentsAsync()
    {
        IReadOnlyDictionary<string, long> counters = service.Queries.ReadCounters();
        return Task.FromResult<IReadOnlyDictionary<string, SegmentFlow>>(service.Model.Compiled.Segments.Select(segment => segment.Name).ToDictionary(
            segment => segment,
            // A segment that has not changed since its changes are counted starts with its members as entered.
            segment => counters.TryGetValue(SegmentCounts.Entered + segment, out long entered)
                ? new SegmentFlow(entered, counters.GetValueOrDefault(SegmentCounts.Left + segment))
                : new SegmentFlow(service.Pipeline.Members[segment], 0)));
    }

    public Task<IReadOnlyList<(string Customer, long SinceMs)>> MembersOfAsync(string segment, string after, int max) => Task.FromResult(service.Queries.ReadMembers(segment, after, max));

    public Task<IReadOnlyDictionary<string, long>> StagesAsync() => Task.FromResult(service.Queries.CountByStage());

    public Task<byte[]?> DecisionAsync(string id) => Task.FromResult(service.Queries.ReadDecision(id));

    public Task<QueueState?> QueueStateAsync(string name) => service.Pipeline.AskAsync(host => host.QueueAsync(name, service.Now.ToUnixTimeMilliseconds()));

    public Task<IReadOnlyList<(string Customer, double Score)>> QueueAsync(string name, double afterScore, string afterCustomer, int max) =>
        Task.FromResult(service.Queries.ReadQueue(name, afterScore, afterCustomer, max));

    public Task<IReadOnlyList<(string Queue, long Customers)>> QueuesAsync() => Task.FromResult(service.Queries.CountQueues());
}
