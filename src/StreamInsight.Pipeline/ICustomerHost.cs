using System.Buffers;
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
    /// Applies one decoded message: identity, then the customer's engine. Adds the facts it causes. <see cref="Refusal.None"/>: accepted, or skipped because the
    /// customer has seen this position already. A message that was refused while decoding but passed the timestamp check
    /// (<see cref="CustomerEvent.IsDecoded"/>) still moves its customer's clock; its refusal is returned.
    /// </summary>
    Refusal Process(CustomerEvent message, SourcePosition position, List<Fact> facts);

    /// <summary>The earliest due timer of all customers, UTC ms; <see cref="long.MaxValue"/> = none. May be early, never late.</summary>
    long NextTimerMs { get; }

    /// <summary>Advances customers whose timer is due at or before <paramref name="untilMs"/> to that timer, earliest first, at most <paramref name="max"/>; returns how many.</summary>
    int FireTimers(long untilMs, int max, List<Fact> facts);

    /// <summary>
    /// What changed since the last call, encoded. Valid until the next call: it stays as it is while the commit runs, and further messages may be processed meanwhile.
    /// </summary>
    HostChanges TakeChanges();

    /// <summary>Somebody waits for what changed to be durable: a decision was asked for.</summary>
    bool IsAwaited => false;

    /// <summary>How a customer stands now; null = no such customer (any more). Takes the id as facts carry it; does not follow aliases.</summary>
    CustomerView? View(string customer);

    /// <summary>Writes the profile of the customer an id belongs to now, as one line of JSON without its end; false = there is none.</summary>
    bool WriteProfile(string id, IBufferWriter<byte> line);

    /// <summary>Lets go of what need not be in memory. Called when nothing taken by <see cref="TakeChanges"/> is still uncommitted.</summary>
    void Trim();

    /// <summary>
    /// Erases the customer an id belongs to now: its state, its ids; from now on records of them are refused. Adds its last facts. null = nothing is known of the id;
    /// an id that was erased before is erased again, without facts. Called when nothing is uncommitted.
    /// </summary>
    /// <param name="nowMs">UTC ms by the partition's clock.</param>
    /// <param name="forgetAfterMs">How long records are refused.</param>
    Erasure? Erase(string id, long nowMs, long forgetAfterMs, List<Fact> facts) => throw new NotSupportedException();

    /// <summary>Customers that are stopped because their state cannot be read. Any thread.</summary>
    int StoppedCustomers => 0;

    /// <summary>Customers that exist.</summary>
    long CustomerCount { get; }

    /// <summary>How scores and actions did at the last call of <see cref="TakeChanges"/>. Any thread.</summary>
    DecisionFigures Decisions { get; }
}
