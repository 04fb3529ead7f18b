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

    public Task<IReadOnlyDictionary<string, long>> MembersAsync() => Task.FromResult<IReadOnlyDictionary<string, long>>(
        service.Model.Compiled.Segments.ToDictionary(segment => segment.Name, segment => service.Pipeline.Members[segment.Name]));

    public Task<IReadOnlyList<(string Customer, long SinceMs)>> MembersOfAsync(string segment, string after, int max) => Task.FromResult(service.Queries.ReadMembers(segment, after, max));

    public Task<IReadOnlyDictionary<string, long>> StagesAsync() => Task.FromResult(service.Queries.CountByStage());

    public Task<byte[]?> DecisionAsync(string id) => Task.FromResult(service.Queries.ReadDecision(id));

    public Task<QueueState?> QueueStateAsync(string name) => service.Pipeline.AskAsync(host => host.QueueAsync(name, service.Now.ToUnixTimeMilliseconds()));

    public Task<IReadOnlyList<(string Customer, double Score)>> QueueAsync(string name, double afterScore, string afterCustomer, int max) =>
        Task.FromResult(service.Queries.ReadQueue(name, afterScore, afterCustomer, max));

    public Task<IReadOnlyList<(string Queue, long Customers)>> QueuesAsync() => Task.FromResult(service.Queries.CountQueues());
}
