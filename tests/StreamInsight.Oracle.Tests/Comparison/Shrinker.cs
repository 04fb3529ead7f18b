namespace StreamInsight.Oracle.Comparison;

/// <summary>Delta debugging: leaves out lines for as long as what is left still fails.</summary>
public static class Shrinker
{
    public static List<byte[]> Shrink(List<byte[]> lines, Func<List<byte[]>, bool> fails)
    {
        for (var size = lines.Count / 2; size > 0; size /= 2)
            for (var at = 0; at < lines.Count;)
            {
                var fewer = lines.Where((_, i) => i < at || i >= at + size).ToList();
                if (fails(fewer)) lines = fewer;
                else at += size;
            }
        return lines;
    }
}
