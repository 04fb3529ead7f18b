using StreamInsight.Kafka;
using StreamInsight.Server.Http;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Where a decision is asked for on any node. The question goes through Kafka to the customer's partition; its record is looked for where that commits. The same id is the same decision.
/// </summary>
internal sealed class ClusterDesk(KafkaEventLog log, ClusterStores stores, TimeProvider time) : IDecisionDesk
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public async Task<byte[]?> DecideAsync(string id, string customer, string channel, int? top)
    {
        if (Find(id, customer) is { } before)
            return before;
        long asked = time.GetTimestamp();
        await log.AppendAsync(DecisionDesk.Message(id, customer, channel, top, time.GetUtcNow()), customer);
        while (time.GetElapsedTime(asked) < DecisionDesk.Patience)
        {
            if (await Task.Run(() => Find(id, customer)) is { } record)
                return record;
            await Task.Delay(Look, time);
        }
        throw new TimeoutException();
    }

    private byte[]? Find(string id, string customer) => stores.Reader(stores.HomeOf(stores.RootOf(customer))).ReadDecision(id);
}
