using StreamInsight.Engine;

namespace StreamInsight.Features;

/// <summary>Where an observed feature's entries get their value.</summary>
public enum EntryValue : byte
{
    /// <summary>The event itself counts; it has no value.</summary>
    None,

    /// <summary>A declared property, by slot.</summary>
    Property,

    /// <summary>The event's time.</summary>
    Timestamp,

    Channel,

    /// <summary>The steps of a sequence that the event can fill, as a mask.</summary>
    Steps,
}

/// <summary>An observed feature and who must be told when it changes.</summary>
public sealed class ObservedFeature(Feature feature)
{
    public Feature Feature => feature;

    /// <summary>Decisions that read the feature, directly or through a derived one.</summary>
    public BitRow Readers;
}

/// <summary>How one event feeds one feature.</summary>
/// <param name="Slot">The property's slot, or the mask of steps.</param>
public sealed record Observer(ObservedFeature Target, EntryValue Value, int Slot, Condition? Where);
