using System.Text.Json;
using StreamInsight.Oracle.Customers;

namespace StreamInsight.Oracle.Comparison;

/// <summary>The first line in which two outputs differ.</summary>
public sealed record Difference(string File, int Line, string? Expected, string? Actual)
{
    public override string ToString() => $"{File} line {Line}\n  oracle: {Expected ?? "(none)"}\n  engine: {Actual ?? "(none)"}";

    /// <param name="expected">The oracle's.</param>
    /// <param name="actual">The engine's.</param>
    /// <param name="roundings">
    /// The model has aggregates whose last digits the semantics leave open (decayed to 1e-9, its instants to 1 ms; moments that are united).
    /// </param>
    public static Difference? First(ReplayOutput expected, ReplayOutput actual, bool roundings) =>
        First("facts.jsonl", expected.Facts, actual.Facts, roundings)
        ?? First("profiles.jsonl", expected.Profiles, actual.Profiles, roundings)
        ?? First("dead.jsonl", expected.Dead, actual.Dead, false);

    private static Difference? First(string file, List<string> expected, List<string> actual, bool roundings)
    {
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            string? a = expected.ElementAtOrDefault(i), b = actual.ElementAtOrDefault(i);
            if (a == b) continue;
            if (roundings && a is not null && b is not null && Near(JsonDocument.Parse(a).RootElement, JsonDocument.Parse(b).RootElement)) continue;
            return new(file, i + 1, a, b);
        }
        return null;
    }

    private static bool Near(JsonElement a, JsonElement b)
    {
        if (a.ValueKind != b.ValueKind) return false;
        return a.ValueKind switch
        {
            JsonValueKind.Number => Near(a.GetDouble(), b.GetDouble()),
            JsonValueKind.Object => a.EnumerateObject().Count() == b.EnumerateObject().Count()
                && a.EnumerateObject().Zip(b.EnumerateObject()).All(p => p.First.Name == p.Second.Name && Near(p.First.Value, p.Second.Value)),
            JsonValueKind.Array => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(p => Near(p.First, p.Second)),
            JsonValueKind.String => a.GetString() == b.GetString()
                || (a.TryGetDateTimeOffset(out var x) && b.TryGetDateTimeOffset(out var y) && Math.Abs((x - y).TotalMilliseconds) <= 1),
            _ => true,
        };
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));
}
