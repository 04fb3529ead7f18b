using System.Globalization;

namespace StreamInsight.Oracle.Language;

/// <summary>CEL's operators and functions on values that are no errors.</summary>
public static class Functions
{
    private static readonly CelError NoOverload = new("no such overload");

    public static object? Plain(string name, List<object?> v) => (name, v) switch
    {
        ("==", [var a, var b]) => Values.Same(a, b),
        ("!=", [var a, var b]) => !Values.Same(a, b),
        ("<" or "<=" or ">" or ">=", [var a, var b]) => Values.Order(a, b) is { } order ? Compare(name, order) : NoOverload,
        ("in", [var a, List<object?> list]) => list.Any(x => Values.Same(a, x)),
        ("!", [bool b]) => !b,
        ("-", [long n]) => Whole(() => checked(-n)),
        ("-", [double x]) => -x,
        ("+", [string a, string b]) => a + b,
        ("+", [List<object?> a, List<object?> b]) => a.Concat(b).ToList(),
        ("+", [Instant a, Span b]) => new Instant(a.Ms + b.Ms),
        ("+", [Span a, Instant b]) => new Instant(a.Ms + b.Ms),
        ("+", [Span a, Span b]) => new Span(a.Ms + b.Ms),
        ("-", [Instant a, Instant b]) => new Span(a.Ms - b.Ms),
        ("-", [Instant a, Span b]) => new Instant(a.Ms - b.Ms),
        ("-", [Span a, Span b]) => new Span(a.Ms - b.Ms),
        ("+", [double a, double b]) => a + b,
        ("-", [double a, double b]) => a - b,
        ("*", [double a, double b]) => a * b,
        ("/", [double a, double b]) => a / b,
        ("+", [long a, long b]) => Whole(() => checked(a + b)),
        ("-", [long a, long b]) => Whole(() => checked(a - b)),
        ("*", [long a, long b]) => Whole(() => checked(a * b)),
        ("/", [long a, long b]) => Whole(() => checked(a / b)),
        ("%", [long a, long b]) => Whole(() => checked(a % b)),
        ("size", [var a]) => Size(a),
        ("duration", [string s]) => Durations.Parse(s) is { } ms ? new Span(ms) : Values.Error("no duration"),
        ("duration", [Span d]) => d,
        ("timestamp", [string s]) => Times.Parse(s) is { } ms ? new Instant(ms) : Values.Error("no timestamp"),
        ("timestamp", [Instant t]) => t,
        ("int", [long n]) => n,
        ("int", [double x]) => x > -9.2233720368547758e18 && x < 9.2233720368547758e18 ? (long)x : Values.Error("range"),
        ("int", [Instant t]) => (long)System.Math.Floor(t.Ms / 1000.0),
        ("double", [double x]) => x,
        ("double", [long n]) => (double)n,
        ("string", [string s]) => s,
        ("string", [long n]) => n.ToString(CultureInfo.InvariantCulture),
        ("string", [bool b]) => b ? "true" : "false",
        ("string", [Span d]) => Durations.Text(d.Ms),
        ("clamp", [long x, long low, long high]) => low > high ? Values.Error("clamp") : System.Math.Clamp(x, low, high),
        ("clamp", [double x, double low, double high]) => low <= high ? System.Math.Clamp(x, low, high) : Values.Error("clamp"),
        _ => NoOverload,
    };

    public static object? Math(string name, List<object?> v) => (name, v) switch
    {
        ("greatest", [List<object?> list]) => Math(name, list),
        ("least", [List<object?> list]) => Math(name, list),
        ("greatest", _) => Best(v, 1),
        ("least", _) => Best(v, -1),
        ("abs", [long n]) => Whole(() => System.Math.Abs(n)),
        ("abs", [double x]) => System.Math.Abs(x),
        ("round", [double x]) => System.Math.Round(x, MidpointRounding.AwayFromZero),
        _ => NoOverload,
    };

    /// <summary>Functions written after a value: <paramref name="v"/>[0] is that value.</summary>
    public static object? Of(string name, List<object?> v, string zone) => (name, v) switch
    {
        ("size", [var a]) => Size(a),
        ("contains", [string a, string b]) => a.Contains(b, StringComparison.Ordinal),
        ("startsWith", [string a, string b]) => a.StartsWith(b, StringComparison.Ordinal),
        ("endsWith", [string a, string b]) => a.EndsWith(b, StringComparison.Ordinal),
        (_, [Span d]) => DurationPart(name, d.Ms),
        (_, [Instant t]) => Calendar.Part(name, t.Ms, zone),
        (_, [Instant t, string other]) => Calendar.Part(name, t.Ms, other),
        _ => NoOverload,
    };

    private static bool Compare(string sign, int order) => sign switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order == 1,
        _ => order is 0 or 1,
    };

    private static object Size(object? of) => of switch
    {
        string s => (long)s.EnumerateRunes().Count(),
        List<object?> list => (long)list.Count,
        _ => NoOverload,
    };

    private static object? Best(List<object?> v, int sign)
    {
        if (v.Count == 0) return NoOverload;
        var best = v[0];
        foreach (var x in v)
        {
            if (Values.Order(x, best) is not { } order) return NoOverload;
            if (order == sign) best = x;
        }
        return best;
    }

    private static object DurationPart(string name, long ms) => name switch
    {
        "getHours" => ms / 3_600_000,
        "getMinutes" => ms / 60_000,
        "getSeconds" => ms / 1_000,
        "getMilliseconds" => ms % 1_000,
        _ => NoOverload,
    };

    private static object Whole(Func<long> compute)
    {
        try { return compute(); }
        catch (ArithmeticException e) { return Values.Error(e.Message); }
    }
}
