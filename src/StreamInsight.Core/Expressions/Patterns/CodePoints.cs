using System.Globalization;
using System.Text;

namespace StreamInsight.Expressions.Patterns;

/// <summary>A set of Unicode code points as sorted ranges. What a character class, a dot or an escape like \d stands for.</summary>
internal sealed class CodePoints
{
    public const int Last = 0x10FFFF;

    private static readonly Lazy<Dictionary<string, CodePoints>> Categories = new(Survey);

    /// <summary>Code points that differ in case only, by what they have in common.</summary>
    private static readonly Lazy<Dictionary<int, List<int>>> Cases = new(SurveyCases);

    private readonly List<(int First, int Last)> _ranges;

    private CodePoints(List<(int First, int Last)> ranges) => _ranges = ranges;

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

    /// <summary>
    /// Appends an expression of .NET that matches one code point of the set. .NET sees UTF-16, so those beyond U+FFFF become pairs; texts hold no lone surrogates.
    /// </summary>
    public void AppendTo(StringBuilder pattern)
    {
        var basic = new StringBuilder();
        var pairs = new StringBuilder();
        foreach (var (first, last) in _ranges)
        {
            AppendRange(basic, first, Math.Min(last, 0xD7FF));
            AppendRange(basic, Math.Max(first, 0xE000), Math.Min(last, 0xFFFF));
            AppendPairs(pairs, Math.Max(first, 0x10000), last);
        }
        if (pairs.Length == 0)
        {
            // An empty class is no expression of .NET; this one matches nothing.
            pattern.Append(basic.Length == 0 ? "[^\\s\\S]" : $"[{basic}]");
            return;
        }
        pattern.Append("(?:");
        if (basic.Length > 0)
            pattern.Append('[').Append(basic).Append("]|");
        pattern.Append(pairs, 0, pairs.Length - 1).Append(')');
    }

    private static void AppendRange(StringBuilder text, int first, int last)
    {
        if (first > last)
            return;
        AppendUnit(text, first);
        if (last > first)
        {
            text.Append('-');
            AppendUnit(text, last);
        }
    }

    private static void AppendUnit(StringBuilder text, int unit) => text.Append(CultureInfo.InvariantCulture, $"\\u{unit:X4}");

    /// <summary>Alternatives of surrogate pairs, each with a | behind it.</summary>
    private static void AppendPairs(StringBuilder text, int first, int last)
    {
        while (first <= last)
        {
            var high = 0xD800 + ((first - 0x10000) >> 10);
            var low = 0xDC00 + (first & 0x3FF);
            var lastHigh = 0xD800 + ((last - 0x10000) >> 10);
            int end;
            if (low == 0xDC00 && (last & 0x3FF) == 0x3FF && lastHigh > high)
            {
                text.Append('[');
                AppendRange(text, high, lastHigh);
                text.Append("][\\uDC00-\\uDFFF]|");
                return;
            }
            if (low == 0xDC00 && lastHigh > high)
            {
                text.Append('[');
                AppendRange(text, high, lastHigh - 1);
                text.Append("][\\uDC00-\\uDFFF]|");
                first = ((lastHigh - 0xD800) << 10) + 0x10000;
                continue;
            }
            end = lastHigh > high ? 0xDFFF : 0xDC00 + (last & 0x3FF);
            AppendUnit(text, high);
            text.Append('[');
            AppendRange(text, low, end);
            text.Append("]|");
            first += end - low + 1;
        }
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

    /// <summary>All general categories, by their two letters and by the first of them.</summary>
    private static Dictionary<string, CodePoints> Survey()
    {
        string[] names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
            "Sm", "Sc", "Sk", "So", "Cn",
        ];
        var ranges = new Dictionary<string, List<(int First, int Last)>>();
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            var name = names[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)];
            Add(name, codePoint);
            Add(name[..1], codePoint);
        }
        ranges.Remove("Cn");
        return ranges.ToDictionary(entry => entry.Key, entry => new CodePoints(entry.Value));

        void Add(string name, int codePoint)
        {
            if (!ranges.TryGetValue(name, out var list))
                ranges.Add(name, list = []);
            if (list.Count > 0 && list[^1].Last == codePoint - 1)
                list[^1] = (list[^1].First, codePoint);
            else
                list.Add((codePoint, codePoint));
        }
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
