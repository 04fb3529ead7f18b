using StreamInsight.Decisions;
using StreamInsight.Orleans.Wire;

namespace StreamInsight.Orleans.Partitions;

/// <summary>
/// All customers of one partition: computes and remembers, but stores nothing. Its key is the partition's name. Only the partition's worker calls it, one call at a time,
/// each with the ticket that follows the one before.
/// </summary>
[Alias("StreamInsight.Partition")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Begins a session: forgets what an earlier one left, reads what is committed.</summary>
    [Alias("Open")]
    ValueTask<PartitionStanding> OpenAsync(PartitionOpening opening);

    [Alias("Apply")]
    ValueTask<PartitionAnswer<StepParcel>> ApplyAsync(PartitionTicket ticket, MessageParcel messages);

    /// <summary>Gives how many customers were advanced with the facts.</summary>
    [Alias("FireTimers")]
    ValueTask<PartitionAnswer<FiredParcel>> FireTimersAsync(PartitionTicket ticket, long untilMs, int max);

    [Alias("TakeChanges")]
    ValueTask<PartitionAnswer<ChangesParcel>> TakeChangesAsync(PartitionTicket ticket);

    [Alias("View")]
    ValueTask<PartitionAnswer<ViewsParcel>> ViewAsync(PartitionTicket ticket, string[] customers);

    [Alias("Profile")]
    ValueTask<PartitionAnswer<byte[]>> ProfileAsync(PartitionTicket ticket, string id);

    [Alias("Explain")]
    ValueTask<PartitionAnswer<byte[]>> ExplainAsync(PartitionTicket ticket, string id, long nowMs);

    [Alias("Report")]
    ValueTask<PartitionAnswer<byte[]>> ReportAsync(PartitionTicket ticket);

    [Alias("Queue")]
    ValueTask<PartitionAnswer<QueueParcel>> QueueAsync(PartitionTicket ticket, string name, long nowMs);

    [Alias("Erase")]
    ValueTask<PartitionAnswer<ErasureParcel>> EraseAsync(PartitionTicket ticket, string id, long nowMs, long forgetAfterMs);

    /// <summary>Ends a session whose partition goes elsewhere or stops.</summary>
    [Alias("Close")]
    ValueTask CloseAsync(Guid session);
}
