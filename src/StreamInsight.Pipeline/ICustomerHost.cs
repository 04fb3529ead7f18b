using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Pipeline;

/// <summary>
/// The customers of one partition, wherever they live: in this process, or as grains. One caller at a time; all business rules are behind it, all side effects
/// before it: it changes only what it owns and tells what changed.
/// </summary>
public interface ICustomerHost
{
    /// <summary>
    /// Applies decoded messages in order: identity, then the customer's engine. Adds the facts they cause; a customer's facts in order. What became of each message is in the run.
    /// A message that was refused while decoding but passed the timestamp check (<see cref="CustomerEvent.IsDecoded"/>) still moves its customer's clock; its refusal is kept.
    /// </summary>
    ValueTask ProcessAsync(MessageRun run, List<Fact> facts);

    /// <summary>The earliest due timer of all customers, UTC ms; <see cref="long.MaxValue"/> = none. May be early, never late.</summary>
    long NextTimerMs { get; }

    /// <summary>Advances customers whose timer is due at or before <paramref name="untilMs"/> to that timer, earliest first, at most <paramref name="max"/>; returns how many.</summary>
    ValueTask<int> FireTimersAsync(long untilMs, int max, List<Fact> facts);

    /// <summary>
    /// What changed since the last call, encoded. Valid until the next call: it stays as it is while the commit runs, and further messages may be processed meanwhile.
    /// </summary>
    ValueTask<HostChanges> TakeChangesAsync();

    /// <summary>Somebody waits for what changed to be durable: a decision was asked for.</summary>
    bool IsAwaited => false;

    /// <summary>How each of these customers stands now; null = no such customer (any more). Takes ids as facts carry them; does not follow aliases.</summary>
    ValueTask<CustomerView?[]> ViewAsync(IReadOnlyList<string> customers);

    /// <summary>The profile of the customer an id belongs to now, as one line of JSON without its end; null = there is none.</summary>
    ValueTask<byte[]?> ProfileAsync(string id);

    /// <summary>Why the customer an id belongs to stands as it does, as of an instant, JSON; null = there is none.</summary>
    ValueTask<byte[]?> ExplainAsync(string id, long nowMs);

    /// <summary>What became of every action and how scores do, JSON.</summary>
    ValueTask<byte[]> ReportAsync();

    /// <summary>How a queue stands, as far as it was told; null = not known.</summary>
    ValueTask<QueueState?> QueueAsync(string name, long nowMs);

    /// <summary>Lets go of what need not be in memory. Called when nothing taken by <see cref="TakeChangesAsync"/> is still uncommitted.</summary>
    void Trim();

    /// <summary>
    /// Erases the customer an id belongs to now: its state, its ids; from now on records of them are refused. Adds its last facts. null = nothing is known of the id;
    /// an id that was erased before is erased again, without facts. Called when nothing is uncommitted.
    /// </summary>
    /// <param name="nowMs">UTC ms by the partition's clock.</param>
    /// <param name="forgetAfterMs">How long records are refused.</param>
    ValueTask<Erasure?> EraseAsync(string id, long nowMs, long forgetAfterMs, List<Fact> facts);

    /// <summary>Customers that are stopped because their state cannot be read. Any thread.</summary>
    int StoppedCustomers => 0;

    /// <summary>Messages that wait for a merge with a customer of another partition. Any thread.</summary>
    int HeldMessages => 0;

    /// <summary>Customers that exist.</summary>
    long CustomerCount { get; }

    /// <summary>How scores and actions did at the last call of <see cref="TakeChangesAsync"/>. Any thread.</summary>
    DecisionFigures Decisions { get; }
}
