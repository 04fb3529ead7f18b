namespace StreamInsight.Oracle.Features;

/// <summary>
/// Sums of a feature without a window, in order of arrival; those of two customers are added at a merge.
/// Null <see cref="Whole"/> = a partial sum overflowed.
/// </summary>
public sealed record Running(long N = 0, long? Whole = 0, double Sum = 0, double Mean = 0, double Squares = 0)
{
    public Running Add(object? value)
    {
        var x = value is long n ? n : value is double d ? d : 0;
        var mean = Mean + (x - Mean) / (N + 1);
        return new(N + 1, value is long whole ? Plus(Whole, whole) : Whole, Sum + x, mean, Squares + (x - Mean) * (x - mean));
    }

    /// <summary>Chan's formula for the moments.</summary>
    public Running And(Running other)
    {
        if (N == 0 || other.N == 0) return N == 0 ? other : this;
        var n = N + other.N;
        var delta = other.Mean - Mean;
        return new(n, other.Whole is { } whole ? Plus(Whole, whole) : null, Sum + other.Sum,
            Mean + delta * other.N / n, Squares + other.Squares + delta * delta * N * other.N / n);
    }

    public static long? Plus(long? a, long b)
    {
        if (a is not { } x) return null;
        var sum = unchecked(x + b);
        return ((x ^ sum) & (b ^ sum)) < 0 ? null : sum;
    }
}
