using StreamInsight.CustomerValue;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>What one feature remembers of one customer; null = nothing yet. Owned by the customer's one writer, changed in place.</summary>
public abstract class FeatureState
{
    /// <summary>Which class wrote the row; never reused for another layout.</summary>
    public abstract byte Tag { get; }

    /// <summary>Reads a little of what an entry will change; see <see cref="CustomerEngine.Touch(CustomerState)"/>.</summary>
    public virtual long Touch() => 0;

    public abstract void Encode(StateWriter writer);

    /// <summary>What the class of <paramref name="tag"/> wrote.</summary>
    public static FeatureState Decode(byte tag, ref StateReader reader) => tag switch
    {
        EntryLog.StateTag => EntryLog.Read(ref reader),
        TileLog.StateTag => TileLog.Read(ref reader),
        Accumulator.StateTag => Accumulator.Read(ref reader),
        ValueTable.StateTag => ValueTable.Read(ref reader),
        PurchaseHistory.StateTag => PurchaseHistory.Read(ref reader),
        _ => throw new InvalidDataException($"State: unknown feature state {tag}."),
    };
}
