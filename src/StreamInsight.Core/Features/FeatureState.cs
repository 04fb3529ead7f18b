using StreamInsight.CustomerValue;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// What a feature remembers that is no run of entries in the customer's <see cref="CustomerMemory"/>: tiles, a table, a history. Owned by the customer's one writer, changed in place.
/// </summary>
public abstract class FeatureState
{
    /// <summary>Which class wrote the row; never reused for another layout.</summary>
    public abstract byte Tag { get; }

    public abstract void Encode(StateWriter writer);

    /// <summary>What the class of <paramref name="tag"/> wrote.</summary>
    public static FeatureState Decode(byte tag, ref StateReader reader) => tag switch
    {
        TileLog.StateTag => TileLog.Read(ref reader),
        ValueTable.StateTag => ValueTable.Read(ref reader),
        PurchaseHistory.StateTag => PurchaseHistory.Read(ref reader),
        _ => throw new InvalidDataException($"State: unknown feature state {tag}."),
    };
}
