namespace StreamInsight.Expressions;

/// <summary>
/// How large a list or map is with all that is in it, kept in its bits: levels in the upper half, elements and 16ths of texts in the lower. Values share their
/// parts, so a small expression could build what nobody can write down or compare: what passes the limits is an error instead.
/// </summary>
internal static class Extent
{
    public const int MaxTextLength = 1 << 20;
    public const int MaxLevels = 200;
    public const int MaxSize = 1 << 20;

    public static long Of(Value[] elements)
    {
        var extent = (Levels: 0L, Size: 1L);
        foreach (ref readonly var element in elements.AsSpan())
            Include(ref extent, element);
        return Pack(extent);
    }

    public static long Of(CelMap map)
    {
        var extent = (Levels: 0L, Size: 1L);
        foreach (ref readonly var entry in map.Entries)
        {
            Include(ref extent, entry.Key);
            Include(ref extent, entry.Value);
        }
        return Pack(extent);
    }

    /// <summary>The value, or an error if it is too large.</summary>
    public static Value Check(in Value value)
    {
        var (levels, size) = Of(value);
        return levels > MaxLevels || size > MaxSize ? Errors.TooLong : value;
    }

    private static (long Levels, long Size) Of(in Value value) => value.Kind switch
    {
        ValueKind.List or ValueKind.Map => (value.Bits >> 32, value.Bits & uint.MaxValue),
        ValueKind.String => (0, 1 + (value.AsString.Length / 16)),
        ValueKind.Bytes => (0, 1 + (value.AsBytes.Length / 16)),
        _ => (0, 1),
    };

    private static void Include(ref (long Levels, long Size) extent, in Value value)
    {
        var (levels, size) = Of(value);
        extent = (Math.Max(extent.Levels, levels), extent.Size + size);
    }

    private static long Pack((long Levels, long Size) extent) => (Math.Min(extent.Levels + 1, int.MaxValue) << 32) | Math.Min(extent.Size, uint.MaxValue);
}
