namespace StreamInsight.Features;

/// <summary>
/// How the memory of every customer of a model is laid out: first a directory (an <see cref="Extent"/> a region, a <see cref="RunningSum"/> where one is kept), then the
/// regions' entries one after the other, in the order in which regions were added. Complete before the first customer is.
/// </summary>
public sealed class MemoryLayout
{
    private const int ExtentCells = 2, SumCells = 2;

    private readonly List<MemoryRegion> _regions = [];
    private int _directoryCells;
    private MemoryRegion[] _textRegions = [];
    private long[]? _blank;

    internal List<MemoryRegion> Regions => _regions;

    /// <summary>Those that have texts.</summary>
    internal ReadOnlySpan<MemoryRegion> TextRegions => _textRegions;

    /// <param name="width">Cells an entry takes; 0 = no entries, only an object.</param>
    /// <param name="hasTexts">An entry has a text, too.</param>
    /// <param name="hasSum">A sum of doubles may run along.</param>
    public MemoryRegion Add(int width, bool hasTexts = false, bool hasSum = false)
    {
        var region = new MemoryRegion(this, _regions.Count, width, hasTexts, _directoryCells) { SumAt = hasSum ? _directoryCells + ExtentCells : 0 };
        _directoryCells += (width == 0 ? 0 : ExtentCells) + (hasSum ? SumCells : 0);
        _regions.Add(region);
        if (hasTexts)
            _textRegions = [.. _textRegions, region];
        return region;
    }

    /// <summary>The cells of a customer of whom nothing is remembered: the directory, and room for one entry a region.</summary>
    internal long[] NewCells() => (long[])(_blank ??= Blank()).Clone();

    /// <summary>The cell behind the last region.</summary>
    internal int EndIn(long[] cells)
    {
        for (int i = _regions.Count - 1; i >= 0; i--)
            if (_regions[i].Width > 0)
                return CustomerMemory.ExtentIn(cells, _regions[i]) is var last ? last.Start + (last.Capacity * _regions[i].Width) : 0;
        return _directoryCells;
    }

    private long[] Blank()
    {
        var cells = new long[_directoryCells + _regions.Sum(region => region.Width)];
        foreach (MemoryRegion region in _regions)
            if (region.Width > 0)
                CustomerMemory.ExtentIn(cells, region).Start = _directoryCells;
        return cells;
    }
}
