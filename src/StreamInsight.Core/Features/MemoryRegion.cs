namespace StreamInsight.Features;

/// <summary>
/// Where one thing a model remembers of every customer (a feature's entries, the messageIds of late) stands in a <see cref="CustomerMemory"/>. Planned once by
/// <see cref="MemoryLayout"/>, shared by all customers.
/// </summary>
public sealed class MemoryRegion
{
    internal MemoryRegion(MemoryLayout layout, int index, int width, bool hasTexts, int directoryAt)
    {
        Layout = layout;
        Index = index;
        Width = width;
        HasTexts = hasTexts;
        DirectoryAt = directoryAt;
    }

    internal MemoryLayout Layout { get; }

    /// <summary>Its place among the regions of the layout.</summary>
    internal int Index { get; }

    /// <summary>Cells (64 bits each) an entry takes; the first is its time. 0 = it has no entries, only an object.</summary>
    internal int Width { get; }

    /// <summary>An entry has a text beside its cells.</summary>
    internal bool HasTexts { get; }

    /// <summary>The cell where its <see cref="Extent"/> begins.</summary>
    internal int DirectoryAt { get; }

    /// <summary>The cell where its <see cref="RunningSum"/> begins; 0 = it has none.</summary>
    internal int SumAt { get; init; }
}
