using System.Runtime.CompilerServices;

namespace StreamInsight.Features;

/// <summary>
/// Everything a customer's features remember, in as few objects as can be: the entries of all regions side by side in one array of cells, so that one event touches few
/// cache lines and the garbage collector sees one object, not one a feature. Only what is rare has objects of its own (texts, tiles, tables).
/// <para>
/// Contract of the hot path: finding a region, reading it, adding an entry and letting entries go allocate nothing while there is room; a region without room grows by half, so
/// that a customer whose windows no longer grow allocates nothing. Adding and dropping are amortised O(1), but for a late entry, which is put in its place.
/// </para>
/// A value to be passed by reference: a copy is another view of the same customer only until either is changed. <c>default</c> is none.
/// </summary>
public struct CustomerMemory
{
    private long[] _cells;
    private string?[]? _texts;         // those of all regions with texts, in their order
    private FeatureState?[]? _states;  // by region

    public CustomerMemory(MemoryLayout layout) => _cells = layout.NewCells();

    /// <summary>Bytes of the objects it consists of, those of tiles and tables not counted.</summary>
    internal readonly int Bytes => (_cells.Length * 8) + 24 + (_texts is null ? 0 : (_texts.Length * 8) + 24) + (_states is null ? 0 : (_states.Length * 8) + 24);

    /// <summary>See <see cref="CustomerEngine.Touch(CustomerState)"/>.</summary>
    internal readonly long Touch()
    {
        const int Line = 8, Lines = 8;
        ReadOnlySpan<long> cells = _cells;
        if (cells.Length > Line * Lines)
            cells = cells[..(Line * Lines)];
        long sum = _texts?.Length ?? 0;
        for (int i = 0; i < cells.Length; i += Line)
            sum += cells[i];
        return sum;
    }

    /// <summary>What a region holds instead of entries; null = nothing of that kind.</summary>
    internal readonly FeatureState? State(MemoryRegion region) => _states?[region.Index];

    internal void SetState(MemoryRegion region, FeatureState? state)
    {
        if (_states is null && state is null)
            return;
        (_states ??= new FeatureState?[region.Layout.Regions.Count])[region.Index] = state;
    }

    /// <summary>The region has had entries, though it may have let all of them go.</summary>
    internal readonly bool HasEntries(MemoryRegion region) => region.Width > 0 && ExtentIn(_cells, region).Capacity > 0;

    /// <summary>The entries of a region as they are now; not to be used after any of them is added or let go.</summary>
    internal readonly EntryLog Log(MemoryRegion region)
    {
        ref Extent extent = ref ExtentIn(_cells, region);
        return new EntryLog(
            _cells.AsSpan(extent.Start + (extent.Head * region.Width), extent.Count * region.Width),
            region.Width,
            region.HasTexts ? _texts.AsSpan(TextStart(region) + extent.Head, extent.Count) : default,
            region.SumAt == 0 ? default : _cells.AsSpan(region.SumAt, 2),
            extent.IsTruncated);
    }

    /// <summary>The cells of a region's entries, one entry after the other.</summary>
    internal readonly Span<long> Cells(MemoryRegion region)
    {
        ref Extent extent = ref ExtentIn(_cells, region);
        return _cells.AsSpan(extent.Start + (extent.Head * region.Width), extent.Count * region.Width);
    }

    internal readonly void SetTruncated(MemoryRegion region, bool isTruncated) => ExtentIn(_cells, region).IsTruncated = isTruncated;

    /// <summary>Makes room for <paramref name="count"/> entries, at least one, in a region that has none.</summary>
    internal void Reserve(MemoryRegion region, int count)
    {
        if (ExtentIn(_cells, region).Capacity < Math.Max(1, count))
            Grow(region, Math.Max(1, count) - ExtentIn(_cells, region).Capacity);
    }

    /// <summary>Puts an entry behind every entry that is not later.</summary>
    internal void Add(MemoryRegion region, in Entry entry)
    {
        int at = PlaceOf(region, entry.TimeMs);
        Span<long> cells = Insert(region, at, entry.Text);
        cells[0] = entry.TimeMs;
        if (cells.Length > 1)
            cells[1] = entry.Bits;
    }

    /// <summary>The cells of a new last entry, to be filled.</summary>
    internal Span<long> Append(MemoryRegion region) => Insert(region, ExtentIn(_cells, region).Count, null);

    /// <summary>The text of a region's first entry; null = it has none.</summary>
    internal readonly string? Text(MemoryRegion region) => region.HasTexts ? _texts![TextStart(region) + ExtentIn(_cells, region).Head] : null;

    internal readonly void SetText(MemoryRegion region, string? text)
    {
        if (region.HasTexts)
            _texts![TextStart(region) + ExtentIn(_cells, region).Head] = text;
    }

    /// <summary>Lets the first <paramref name="count"/> entries of a region go.</summary>
    internal readonly void DropFirst(MemoryRegion region, int count)
    {
        if (count == 0)
            return;
        ref Extent extent = ref ExtentIn(_cells, region);
        if (region.HasTexts)
            _texts.AsSpan(TextStart(region) + extent.Head, count).Clear();
        extent.Count -= count;
        extent.Head = extent.Count == 0 ? 0 : extent.Head + count;
        if (region.SumAt != 0)
            Sum(region).Dropped(count);
    }

    internal static ref Extent ExtentIn(long[] cells, MemoryRegion region) => ref Unsafe.As<long, Extent>(ref cells.AsSpan(region.DirectoryAt, 2)[0]);

    private readonly ref RunningSum Sum(MemoryRegion region) => ref Unsafe.As<long, RunningSum>(ref _cells.AsSpan(region.SumAt, 2)[0]);

    private readonly int PlaceOf(MemoryRegion region, long timeMs)
    {
        Span<long> cells = Cells(region);
        int at = cells.Length;
        while (at > 0 && cells[at - region.Width] > timeMs)
            at -= region.Width;
        return at / region.Width;
    }

    private Span<long> Insert(MemoryRegion region, int at, string? text)
    {
        if (ExtentIn(_cells, region) is var full && full.Head + full.Count == full.Capacity)
            MakeRoom(region);
        ref Extent extent = ref ExtentIn(_cells, region);
        int width = region.Width;
        int later = extent.Count++ - at;
        Span<long> place = _cells.AsSpan(extent.Start + ((extent.Head + at) * width), (later + 1) * width);
        if (region.HasTexts)
        {
            Span<string?> texts = _texts.AsSpan(TextStart(region) + extent.Head + at, later + 1);
            texts[..later].CopyTo(texts[1..]);
            texts[0] = text;
        }

        if (later > 0)
        {
            place[..(later * width)].CopyTo(place[width..]);
            if (region.SumAt != 0)
                Sum(region).Restart(0);
        }

        return place[..width];
    }

    private void MakeRoom(MemoryRegion region)
    {
        ref Extent extent = ref ExtentIn(_cells, region);
        if (extent.Head == 0 || extent.Head * 2 < extent.Capacity)
        {
            Grow(region, 1 + (extent.Capacity / 2));
            return;
        }

        _cells.AsSpan(extent.Start + (extent.Head * region.Width), extent.Count * region.Width).CopyTo(_cells.AsSpan(extent.Start));
        if (region.HasTexts)
        {
            Span<string?> texts = _texts.AsSpan(TextStart(region), extent.Head + extent.Count);
            texts[extent.Head..].CopyTo(texts);
            texts[extent.Count..].Clear();
        }

        extent.Head = 0;
    }

    /// <summary>Gives a region more places at its end: what comes after moves up, in a larger array if there is no room left in this one.</summary>
    private void Grow(MemoryRegion region, int places)
    {
        MemoryLayout layout = region.Layout;
        Extent extent = ExtentIn(_cells, region);
        int from = extent.Start + (extent.Capacity * region.Width), more = places * region.Width, used = layout.EndIn(_cells);
        long[] cells = _cells;
        if (used + more > cells.Length)
        {
            cells = new long[used + more + Spare(used)];
            Array.Copy(_cells, cells, from);
        }

        Array.Copy(_cells, from, cells, from + more, used - from);
        if (region.HasTexts)
            GrowTexts(TextStart(region) + extent.Capacity, places);
        _cells = cells;
        ExtentIn(cells, region).Capacity += places;
        for (int i = region.Index + 1; i < layout.Regions.Count; i++)
            if (layout.Regions[i].Width > 0)
                ExtentIn(cells, layout.Regions[i]).Start += more;
    }

    /// <summary>Most customers stay small, and a few cells more would be wasted on each; of the large ones each growth is dear.</summary>
    private static int Spare(int used) => used < 256 ? Math.Max(6, used / 6) : used / 2;

    private void GrowTexts(int from, int places)
    {
        string?[] before = _texts ?? [];
        var texts = new string?[before.Length + places];
        Array.Copy(before, texts, from);
        Array.Copy(before, from, texts, from + places, before.Length - from);
        _texts = texts;
    }

    private readonly int TextStart(MemoryRegion region)
    {
        int start = 0;
        foreach (MemoryRegion before in region.Layout.TextRegions)
        {
            if (before == region)
                break;
            start += ExtentIn(_cells, before).Capacity;
        }

        return start;
    }
}
