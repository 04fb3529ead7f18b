namespace StreamInsight.Definitions;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Spelling
{
    private const int MaxLength = 64;

    /// <summary>The closest of <paramref name="names"/>, at most a third of the given text away (one edit for short ones); null if none is.</summary>
    public static string? Closest(string given, IEnumerable<string> names)
    {
        if (given.Length is 0 or > MaxLength)
            return null;
        string? best = null;
        var bestDistance = Math.Max(1, given.Length / 3) + 1;
        foreach (var name in names)
        {
            if (name.Length > MaxLength || Math.Abs(name.Length - given.Length) >= bestDistance)
                continue;
            var distance = Distance(given, name);
            if (distance < bestDistance)
                (best, bestDistance) = (name, distance);
        }
        return best;
    }

    /// <summary>Edits from one to the other, letter case ignored: a letter more, less or changed, or two neighbours swapped.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> before = stackalloc int[MaxLength + 1];
        Span<int> last = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            last.CopyTo(before);
            row.CopyTo(last);
        }
        return last[b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
