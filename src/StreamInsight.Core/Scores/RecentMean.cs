using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>Mean and variance of a stream, older values counting less by 1/memory each; a plain mean until there are so many. <c>default</c> = nothing seen.</summary>
internal struct RecentMean
{
    private double _weight;
    private double _mean;
    private double _variance;

    public readonly double Weight => _weight;

    public readonly double Mean => _mean;

    /// <summary>Of the mean: an exponentially weighted mean of memory m is as sure as a plain one of 2m values.</summary>
    public readonly double StandardError => _weight < 2 ? double.PositiveInfinity : Math.Sqrt(_variance / (2 * _weight));

    public void Add(double value, double memory)
    {
        _weight = Math.Min(_weight + 1, memory);
        double step = 1 / _weight;
        double delta = value - _mean;
        _mean += step * delta;
        _variance = (1 - step) * (_variance + (step * delta * delta));
    }

    public void Absorb(in RecentMean other)
    {
        double total = _weight + other._weight;
        if (total == 0)
            return;
        double share = other._weight / total;
        double delta = other._mean - _mean;
        _mean += share * delta;
        _variance = ((1 - share) * _variance) + (share * other._variance) + (share * (1 - share) * delta * delta);
        _weight = Math.Max(_weight, other._weight);
    }

    public readonly void Write(StateWriter writer)
    {
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_weight));
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_mean));
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_variance));
    }

    public static RecentMean Read(ref StateReader reader) => new()
    {
        _weight = BitConverter.Int64BitsToDouble(reader.ReadBits()),
        _mean = BitConverter.Int64BitsToDouble(reader.ReadBits()),
        _variance = BitConverter.Int64BitsToDouble(reader.ReadBits()),
    };
}
