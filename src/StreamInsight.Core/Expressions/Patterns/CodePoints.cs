using System.Globalization;
using System.Text;

namespace StreamInsight.Expressions.Patterns;

/// <summary>A set of Unicode code points as sorted ranges. What a character class, a dot or an escape like \d stands for.</summary>
internal sealed class CodePoints
{
    public const int Last = 0x10FFFF;

    public static readonly CodePoints All = Of((0, Last));

    public static readonly CodePoints AllButLineEnd = Of(('\n', '\n')).Complement();

    private static readonly Lazy<Dictionary<string, CodePoints>> Categories = new(Survey);

    /// <summary>Code points that differ in case only, by what they have in common.</summary>
    private static readonly Lazy<Dictionary<int, List<int>>> Cases = new(SurveyCases);

    private readonly List<(int First, int Last)> _ranges;

    /// <summary>The first 64 code points as bits.</summary>
    private readonly ulong _low;

    private CodePoints(List<(int First, int Last)> ranges)
    {
        _ranges = ranges;
        foreach (var (first, last) in ranges)
            for (var codePoint = first; codePoint <= last && codePoint < 64; codePoint++)
                _low |= 1UL << codePoint;
    }

    public static CodePoints Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var sorted = new List<(int First, int Last)>();
        sorted.AddRange(ranges);
        return Normal(sorted);
    }

    /// <summary>A general category of Unicode, such as L or Lu; null if there is none of that name.</summary>
    public static CodePoints? Category(string name) => name == "Any" ? Of((0, Last)) : Categories.Value.GetValueOrDefault(name);

    public CodePoints Union(CodePoints other) => Normal([.. _ranges, .. other._ranges]);

    /// <summary>The set with every other case of its members: k, K and the sign of Kelvin.</summary>
    public CodePoints WithOtherCases()
    {
        var ranges = new List<(int First, int Last)>(_ranges);
        foreach (var (first, last) in _ranges)
            for (var codePoint = first; codePoint <= last; codePoint++)
                if (Rune.IsValid(codePoint) && Cases.Value.TryGetValue(Folded(codePoint), out var others))
                    foreach (var other in others)
                        ranges.Add((other, other));
        return Normal(ranges);
    }

    public CodePoints Complement()
    {
        var ranges = new List<(int, int)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
                ranges.Add((next, first - 1));
            next = last + 1;
        }
        if (next <= Last)
            ranges.Add((next, Last));
        return new CodePoints(ranges);
    }

    public bool Contains(int codePoint)
    {
        if (codePoint < 64)
            return ((_low >> codePoint) & 1) != 0;
        var low = 0;
        var high = _ranges.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < _ranges[middle].First)
                high = middle - 1;
            else if (codePoint > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    private static CodePoints Normal(List<(int First, int Last)> ranges)
    {
        ranges.Sort();
        var merged = new List<(int First, int Last)>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }
        return new CodePoints(merged);
    }

    /// <summary>All general categories but "unassigned", by their two letters and by the first of them.</summary>
    private static Dictionary<string, CodePoints> Survey()
    {
        string[] names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
            "Sm", "Sc", "Sk", "So", "Cn",
        ];
        var ranges = Array.ConvertAll(names, _ => new List<(int First, int Last)>());
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            var list = ranges[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)];
            if (list.Count > 0 && list[^1].Last == codePoint - 1)
                list[^1] = (list[^1].First, codePoint);
            else
                list.Add((codePoint, codePoint));
        }
        var sets = new Dictionary<string, CodePoints>();
        for (var i = 0; i < names.Length - 1; i++)
        {
            sets.Add(names[i], new CodePoints(ranges[i]));
            var group = names[i][..1];
            sets[group] = sets.TryGetValue(group, out var others) ? others.Union(sets[names[i]]) : sets[names[i]];
        }
        return sets;
    }

    private static int Folded(int codePoint) => Rune.ToUpperInvariant(Rune.ToLowerInvariant(new Rune(codePoint))).Value;

    private static Dictionary<int, List<int>> SurveyCases()
    {
        var cases = new Dictionary<int, List<int>>();
        for (var codePoint = 0; codePoint <= 0x1FFFF; codePoint++)
        {
            if (!Rune.IsValid(codePoint) || Folded(codePoint) is var folded && folded == codePoint)
                continue;
            if (!cases.TryGetValue(folded, out var list))
                cases.Add(folded, list = [folded]);
            list.Add(codePoint);
        }
        return cases;
    }
}
