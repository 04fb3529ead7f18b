using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>
/// Running centre and spread of one numeric input. What is far out (beyond four spreads) is pulled in before it counts, so a single huge value moves little;
/// old values are forgotten over some ten thousand, so the scale follows the stream. <c>default</c> = nothing seen.
/// </summary>
internal struct InputScale
{
    private const double Memory = 20_000;
    private const double Far = 4;

    private double _count;
    private double _mean;
    private double _squares;   // variance, population

    public readonly double Count => _count;

    public readonly double Mean => _mean;

    /// <summary>1 until two different values were seen.</summary>
    public readonly double Spread => _squares > 0 ? Math.Sqrt(_squares) : 1;

    /// <summary>Distance from the centre in spreads, within ±<see cref="Far"/>; 0 until there are values to compare with.</summary>
    public readonly double Standardise(double x)
    {
        if (_count < 2 || _squares <= 0)
            return 0;
        double z = (x - _mean) / Spread;
        return z > Far ? Far : z < -Far ? -Far : z;
    }

    public void Add(double x)
    {
        _count = Math.Min(_count + 1, Memory);
        if (_count > 20 && _squares > 0)
        {
            double reach = Far * Spread;
            x = Math.Min(Math.Max(x, _mean - reach), _mean + reach);
        }

        double step = 1 / _count;
        double delta = x - _mean;
        _mean += step * delta;
        _squares = (1 - step) * (_squares + (step * delta * delta));
    }

    /// <summary>The scale of both streams together (Chan, Golub, LeVeque 1979).</summary>
    public static InputScale United(in InputScale a, in InputScale b)
    {
        if (a._count == 0)
            return b;
        if (b._count == 0)
            return a;
        double n = a._count + b._count;
        double delta = b._mean - a._mean;
        double share = b._count / n;
        return new InputScale
        {
            _count = Math.Min(n, Memory),
            _mean = a._mean + (share * delta),
            _squares = (a._squares * (1 - share)) + (b._squares * share) + (share * (1 - share) * delta * delta),
        };
    }

    public readonly void Write(StateWriter writer)
    {
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_count));
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_mean));
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_squares));
    }

    public static InputScale Read(ref StateReader reader) => new()
    {
        _count = BitConverter.Int64BitsToDouble(reader.ReadBits()),
        _mean = BitConverter.Int64BitsToDouble(reader.ReadBits()),
        _squares = BitConverter.Int64BitsToDouble(reader.ReadBits()),
    };
}
