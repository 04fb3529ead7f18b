using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>
/// Predictions by size and by what came of them, older ones counting less: bounded memory for discrimination and calibration. Bins are an eighth wide in
/// log odds, from −8 to 8; predictions that share a bin count as tied.
/// </summary>
internal sealed class PredictionHistogram
{
    private const int Bins = 128;
    private const int BinsInGroup = 8;
    private const double Memory = 5000;
    private const double Keep = 1 - (1 / Memory);
    private const double TooLarge = 1e100;

    private readonly double[] _successes = new double[Bins];
    private readonly double[] _failures = new double[Bins];
    private readonly double[] _predicted = new double[Bins];
    private double _unit = 1;   // what a new outcome counts; grows instead of all others shrinking

    public void Add(double p, bool success, double weight)
    {
        _unit /= Keep;
        if (_unit > TooLarge)
            Shrink();
        double logOdds = PortableMath.Log(p / (1 - p));
        int bin = (int)Math.Min(Math.Max((logOdds + 8) * 8, 0), Bins - 1);
        (success ? _successes : _failures)[bin] += _unit * weight;
        _predicted[bin] += _unit * weight * p;
    }

    /// <summary>The chance that a success was given more than a failure, ties one half; NaN until both were seen.</summary>
    public double Auc()
    {
        double successes = 0, failures = 0, ordered = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            ordered += _successes[bin] * (failures + (0.5 * _failures[bin]));
            successes += _successes[bin];
            failures += _failures[bin];
        }

        return successes > 0 && failures > 0 ? ordered / successes / failures : double.NaN;
    }

    /// <summary>Mean distance of predicted and observed rate over groups of one unit of log odds, by how many predictions fell there; NaN over nothing.</summary>
    public double CalibrationError()
    {
        double total = 0, distance = 0;
        for (int group = 0; group < Bins; group += BinsInGroup)
        {
            double count = 0, excess = 0;
            for (int bin = group; bin < group + BinsInGroup; bin++)
            {
                count += _successes[bin] + _failures[bin];
                excess += _predicted[bin] - _successes[bin];
            }

            total += count;
            distance += Math.Abs(excess);
        }

        return total > 0 ? distance / total : double.NaN;
    }

    public void Absorb(PredictionHistogram other)
    {
        double factor = _unit / other._unit;
        for (int bin = 0; bin < Bins; bin++)
        {
            _successes[bin] += other._successes[bin] * factor;
            _failures[bin] += other._failures[bin] * factor;
            _predicted[bin] += other._predicted[bin] * factor;
        }
    }

    private void Shrink()
    {
        for (int bin = 0; bin < Bins; bin++)
        {
            _successes[bin] /= _unit;
            _failures[bin] /= _unit;
            _predicted[bin] /= _unit;
        }

        _unit = 1;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteBits(BitConverter.DoubleToInt64Bits(_unit));
        for (int bin = 0; bin < Bins; bin++)
        {
            bool isUsed = _successes[bin] != 0 || _failures[bin] != 0;
            writer.WriteByte(isUsed ? (byte)1 : (byte)0);
            if (!isUsed)
                continue;
            writer.WriteBits(BitConverter.DoubleToInt64Bits(_successes[bin]));
            writer.WriteBits(BitConverter.DoubleToInt64Bits(_failures[bin]));
            writer.WriteBits(BitConverter.DoubleToInt64Bits(_predicted[bin]));
        }
    }

    public void Read(ref StateReader reader)
    {
        _unit = BitConverter.Int64BitsToDouble(reader.ReadBits());
        for (int bin = 0; bin < Bins; bin++)
        {
            if (reader.ReadByte() == 0)
                continue;
            _successes[bin] = BitConverter.Int64BitsToDouble(reader.ReadBits());
            _failures[bin] = BitConverter.Int64BitsToDouble(reader.ReadBits());
            _predicted[bin] = BitConverter.Int64BitsToDouble(reader.ReadBits());
        }
    }
}
