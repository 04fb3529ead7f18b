using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>
/// Tells when a stream of losses has risen for good: the Page–Hinkley test (Page 1954) of each loss against the mean of the last thousand. Small rises of less than
/// <see cref="Tolerance"/> nats are let pass; the threshold was chosen so that steady streams of 20,000 outcomes give no alarm.
/// </summary>
internal struct ChangeTest
{
    private const double Tolerance = 0.05;
    private const double Threshold = 30;
    private const double Memory = 1000;
    private const double WarmUp = 200;

    private RecentMean _usual;
    private double _excess;

    public long Alarms { get; private set; }

    /// <summary>True if this loss is the one that proves the change.</summary>
    public bool Add(double loss)
    {
        if (_usual.Weight >= WarmUp)
            _excess = Math.Max(0, _excess + loss - _usual.Mean - Tolerance);
        _usual.Add(loss, Memory);
        if (_excess <= Threshold)
            return false;
        _excess = 0;
        _usual = default;
        Alarms++;
        return true;
    }

    public void Absorb(in ChangeTest other)
    {
        _usual.Absorb(other._usual);
        _excess = Math.Max(_excess, other._excess);
        Alarms += other.Alarms;
    }

    public readonly void Write(StateWriter writer)
    {
        _usual.Write(writer);
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_excess));
        writer.WriteSigned(Alarms);
    }

    public static ChangeTest Read(ref StateReader reader) => new()
    {
        _usual = RecentMean.Read(ref reader),
        _excess = BitConverter.Int64BitsToDouble(reader.ReadBits()),
        Alarms = reader.ReadSigned(),
    };
}
