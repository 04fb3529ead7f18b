using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;

namespace StreamInsight.Oracle.Features;

/// <summary>The table of section 3, each aggregate as a function of the entries in order.</summary>
public static class Aggregates
{
    private const int DistinctMax = 256;

    public static object? Of(Feature feature, History history, long now)
    {
        var entries = history.Covered(now);
        var values = entries.Select(e => e.Value).ToList();
        var always = feature.WindowMs is null;
        switch (feature.Aggregate)
        {
            case "count": return (long)entries.Count;
            case "sum": return feature.PropertyType == "int"
                ? always ? history.Running.Whole : WholeSum(values, TileStarts(history, entries))
                : always ? history.Running.Sum : SumOfSums(values, TileStarts(history, entries));
            case "distinct": return (long)Math.Min(DistinctMax, values.Distinct().Count());
            case "decayed": return entries.Aggregate(0.0, (sum, e) => sum + Number(e.Value ?? 1L) * Math.Pow(2, -(double)(now - e.Ms) / feature.HalfLifeMs));
            case "sequence": return Sequence(entries, feature.Events, feature.WithinMs);
            case "sessions": return (long)entries.Where((e, i) => i == 0 || e.Ms - entries[i - 1].Ms > feature.GapMs).Count();
        }
        if (entries.Count == 0) return null;
        return feature.Aggregate switch
        {
            "avg" => (always ? history.Running.Sum : SumOfSums(values, TileStarts(history, entries))) / entries.Count,
            "stddev" => always ? Math.Sqrt(history.Running.Squares / history.Running.N) : Deviation(values.ConvertAll(Number)),
            "min" => values.Aggregate((a, b) => Values.Order(b, a) < 0 ? b : a),
            "max" => values.Aggregate((a, b) => Values.Order(b, a) > 0 ? b : a),
            "first" => values[0],
            "last" => values[^1],
            "last_k" => Enumerable.Reverse(values).Take(feature.K).ToList(),
            "mode" => always ? history.TrackedMode() : Mode(values),
            _ => throw new InvalidOperationException(feature.Aggregate),
        };
    }

    /// <summary>One scan that keeps, per step, the latest start of a match that has come so far.</summary>
    private static long Sequence(List<Entry> entries, List<string> steps, long withinMs)
    {
        var starts = new long?[steps.Count];
        var matches = 0L;
        foreach (var e in entries)
            for (var step = steps.Count - 1; step >= 0; step--)
            {
                if (steps[step] != "*" && e.Event != steps[step]) continue;
                var start = step == 0 ? e.Ms : starts[step - 1];
                if (start is null) continue;
                if (step < steps.Count - 1) starts[step] = start;
                else if (e.Ms - start <= withinMs)
                {
                    matches++;
                    Array.Clear(starts);
                    break;
                }
            }
        return matches;
    }

    /// <summary>The most frequent; ties go to the value whose latest entry is last in order. Of the values, 64 at a time are tracked.</summary>
    private static object? Mode(List<object?> values)
    {
        var tracked = new Dictionary<object, (int Count, int Latest)>();
        for (var order = 0; order < values.Count; order++)
        {
            var value = values[order]!;
            if (!tracked.ContainsKey(value) && tracked.Count == History.ModeMax) tracked.Remove(tracked.MinBy(t => t.Value.Latest).Key);
            tracked[value] = (tracked.GetValueOrDefault(value).Count + 1, order);
        }
        return tracked.MaxBy(t => (t.Value.Count, t.Value.Latest)).Key;
    }

    /// <summary>Null once a partial sum overflows.</summary>
    private static object? WholeSum(List<object?> values, List<int> tiles) => Slices(values, tiles).Aggregate((long?)0, (total, tile) =>
        tile.Aggregate((long?)0, (sum, v) => Running.Plus(sum, (long)v!)) is { } part ? Running.Plus(total, part) : null);

    private static double SumOfSums(List<object?> values, List<int> tiles) =>
        Slices(values, tiles).Aggregate(0.0, (sum, tile) => sum + tile.Aggregate(0.0, (s, v) => s + Number(v)));

    private static double Deviation(List<double> x)
    {
        var mean = x.Aggregate(0.0, (s, v) => s + v) / x.Count;
        return Math.Sqrt(x.Aggregate(0.0, (s, v) => s + (v - mean) * (v - mean)) / x.Count);
    }

    /// <summary>Where each tile's entries begin; one slice outside tile mode.</summary>
    private static List<int> TileStarts(History history, List<Entry> entries) => !history.InTiles ? [0] : entries
        .Select((e, i) => i)
        .Where(i => i == 0 || History.Floor(entries[i].Ms, history.TileMs) != History.Floor(entries[i - 1].Ms, history.TileMs))
        .ToList();

    private static IEnumerable<List<object?>> Slices(List<object?> values, List<int> starts) =>
        starts.Select((start, i) => values.GetRange(start, (i + 1 < starts.Count ? starts[i + 1] : values.Count) - start));

    private static double Number(object? value) => value is long n ? n : (double)value!;
}
