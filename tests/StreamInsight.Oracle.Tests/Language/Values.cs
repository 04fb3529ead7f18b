namespace StreamInsight.Oracle.Language;

/// <summary>A point in time, UTC milliseconds since 1970.</summary>
public readonly record struct Instant(long Ms) : IComparable<Instant>
{
    public int CompareTo(Instant other) => Ms.CompareTo(other.Ms);
}

/// <summary>A length of time in milliseconds; may be negative.</summary>
public readonly record struct Span(long Ms) : IComparable<Span>
{
    public int CompareTo(Span other) => Ms.CompareTo(other.Ms);
}

/// <summary>What an expression yields instead of a value when it fails.</summary>
/// <param name="IsScope">The name means nothing in this step, so that even <c>has()</c> of it is an error.</param>
public sealed record CelError(string Reason, bool IsScope = false);

/// <summary>
/// The values of expressions are plain objects: null, bool, long, double, string, <see cref="Instant"/>, <see cref="Span"/>,
/// a list of them, or a <see cref="CelError"/>.
/// </summary>
public static class Values
{
    public static CelError Error(string reason) => new(reason);

    /// <summary>Never fails: null equals only null, values of different types differ, numbers are compared as numbers.</summary>
    public static bool Same(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (long x, double y) => x == y,
        (double x, long y) => x == y,
        (double x, double y) => x == y,
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(p => Same(p.First, p.Second)),
        _ => a.Equals(b),
    };

    /// <summary>Less than, equal, greater; null where the two have no order.</summary>
    public static int? Order(object? a, object? b) => (a, b) switch
    {
        (long x, long y) => x.CompareTo(y),
        (double x, double y) => Order(x, y),
        (long x, double y) => Order(x, y),
        (double x, long y) => Order(x, y),
        (string x, string y) => Math.Sign(Utf8.Compare(x, y)),
        (bool x, bool y) => x.CompareTo(y),
        (Instant x, Instant y) => x.CompareTo(y),
        (Span x, Span y) => x.CompareTo(y),
        _ => null,
    };

    /// <summary>NaN is in no order; comparisons with it are false, which callers get from the value 2.</summary>
    private static int Order(double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? 2 : x < y ? -1 : x > y ? 1 : 0;
}
