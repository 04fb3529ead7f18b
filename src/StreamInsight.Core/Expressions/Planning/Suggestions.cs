namespace StreamInsight.Expressions.Planning;

/// <summary>What a mistyped name may have meant.</summary>
internal static class Suggestions
{
    private const int MostListed = 12;

    /// <summary>"; did you mean …?" with the closest names, or what is there under the same prefix; empty if nothing is near.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        var near = known.Select(candidate => (candidate, distance: Distance(name, candidate)))
            .Where(c => c.distance <= Math.Max(1, name.Length / 4))
            .OrderBy(c => c.distance).ThenBy(c => c.candidate, StringComparer.Ordinal)
            .Select(c => c.candidate).Take(3).ToList();
        if (near.Count > 0)
            return $"; did you mean {string.Join(" or ", near)}?";
        var dot = name.IndexOf('.');
        var prefix = dot < 0 ? "" : name[..(dot + 1)];
        var names = dot < 0
            ? known.Select(k => k.Contains('.') ? k[..k.IndexOf('.')] + ".*" : k)
            : known.Where(k => k.StartsWith(prefix, StringComparison.Ordinal));
        var allowed = names.Distinct().Order(StringComparer.Ordinal).ToList();
        return allowed.Count == 0 ? ""
            : $"; known here: {string.Join(", ", allowed.Take(MostListed))}{(allowed.Count > MostListed ? $" and {allowed.Count - MostListed} more" : "")}";
    }

    /// <summary>Levenshtein's distance, cut off where it cannot matter.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 100 || Math.Abs(a.Length - b.Length) > a.Length / 4 + 1)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var best = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = best;
            }
        }
        return row[b.Length];
    }
}
