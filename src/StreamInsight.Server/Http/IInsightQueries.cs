using StreamInsight.Decisions;
using StreamInsight.Pipeline;

namespace StreamInsight.Server.Http;

/// <summary>What HTTP asks about customers and segments, of one process or of a whole cluster. Any thread.</summary>
internal interface IInsightQueries
{
    /// <summary>The profile of the customer an id belongs to, JSON; null = there is none.</summary>
    Task<byte[]?> ProfileAsync(string id);

    /// <summary>Why that customer stands as it does now, JSON; null = there is none.</summary>
    Task<byte[]?> ExplainAsync(string id);

    /// <summary>What became of every action, and how scores do, JSON.</summary>
    Task<byte[]> ReportAsync();

    /// <summary>The newest kept facts of a customer before an outbox position, newest first. Takes the id as facts carry it.</summary>
    Task<IReadOnlyList<OutboxFact>> FactsOfAsync(string customer, long before, int max);

    /// <summary>What entered and left, by segment; one that nobody ever entered may be missing.</summary>
    Task<IReadOnlyDictionary<string, SegmentFlow>> SegmentsAsync();

    /// <summary>Members of a segment and since when (UTC ms), by customer, after one, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<(string Customer, long SinceMs)>> MembersOfAsync(string segment, string after, int max);

    /// <summary>Customers by journey stage.</summary>
    Task<IReadOnlyDictionary<string, long>> StagesAsync();

    /// <summary>The record of a decision, JSON; null = there is none (any more).</summary>
    Task<byte[]?> DecisionAsync(string id);

    /// <summary>How a queue of the model stands, as far as it was told; null = not known.</summary>
    Task<QueueState?> QueueStateAsync(string name);

    /// <summary>Customers of a queue, the highest score first and among equals by customer, after one, at most <paramref name="max"/>.</summary>
    /// <param name="afterScore"><see cref="double.PositiveInfinity"/> = from the first.</param>
    Task<IReadOnlyList<(string Customer, double Score)>> QueueAsync(string name, double afterScore, string afterCustomer, int max);

    /// <summary>Customers by queue, by name; those without any are left out.</summary>
    Task<IReadOnlyList<(string Queue, long Customers)>> QueuesAsync();
}
