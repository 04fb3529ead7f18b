using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Count, mean and sum of squared deviations of some numbers. <c>default</c> = of none.</summary>
public readonly record struct Moments(long Count, double Mean, double Squares)
{
    public static Moments Of(long count, long meanBits, long squaresBits) =>
        new(count, BitConverter.Int64BitsToDouble(meanBits), BitConverter.Int64BitsToDouble(squaresBits));

    /// <summary>Population standard deviation; null of none.</summary>
    public Value StandardDeviation => Count == 0 ? Value.Null : Value.Double(Math.Sqrt(Squares / Count));

    /// <summary>Welford (1962).</summary>
    public Moments With(double value)
    {
        double delta = value - Mean;
        double mean = Mean + (delta / (Count + 1));
        return new Moments(Count + 1, mean, Squares + (delta * (value - mean)));
    }

    /// <summary>Chan, Golub and LeVeque (1979).</summary>
    public Moments Combine(Moments other)
    {
        if (Count == 0)
            return other;
        if (other.Count == 0)
            return this;
        long count = Count + other.Count;
        double delta = other.Mean - Mean;
        return new Moments(
            count,
            Mean + (delta * other.Count / count),
            Squares + other.Squares + (delta * delta * ((double)Count * other.Count / count)));
    }

    public void Store(out long count, out long meanBits, out long squaresBits)
    {
        count = Count;
        meanBits = BitConverter.DoubleToInt64Bits(Mean);
        squaresBits = BitConverter.DoubleToInt64Bits(Squares);
    }
}
