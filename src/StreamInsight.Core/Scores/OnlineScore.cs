using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>
/// One score that learns from outcomes as they come: how likely is success, given the inputs. Four logistic regressions with different memories (everything, 3000, 500
/// and 100 outcomes) learn side by side; with them stand the recent rate and the prior as the simplest answers. Their predictions are mixed by how well each did of
/// late (Bayes with a fixed share, Herbster and Warmuth 1998), so on a steady stream the long memory speaks and after a change a short one, within tens of outcomes.
/// <para>The answer is <c>(1 − s) · prior + s · mixture</c> with <c>s = n² / (n² + w²)</c>, n the evidence and w the prior's weight: the prior until there is evidence. It is the
/// prior alone while the learners are clearly worse than it, and comes back by itself.</para>
/// <para>Laws: what is learned depends on the outcomes and their order alone, to the last bit, on every machine; <see cref="Predict"/> changes nothing;
/// <see cref="Merge"/> adds evidence, and merging with an untaught score changes no prediction. One thread at a time; <see cref="Predict"/> and <see cref="Learn"/> allocate nothing.</para>
/// </summary>
public sealed class OnlineScore
{
    private const byte Layout = 1;
    private const int MaxInputs = 256;

    private const int Prior = 0;
    private const int RecentRate = 1;
    private const int FirstLearner = 2;
    private const double Share = 0.002;
    private const double MixtureFloor = 1e-4;

    private const double LossMemory = 5000;
    private const double RecentMemory = 200;
    private const double BoundsMemory = 100;
    private const double LittleWorse = 0.02;
    private const double ClearlyWorse = 10;
    private const double Proof = 30;           // outcomes a score that was put aside must do well over
    private const double RateMemory = 200;

    private static readonly double[] Memories = [double.PositiveInfinity, 3000, 500, 100];   // one a lane

    private readonly double _priorMargin;
    private readonly double[] _priors;
    private readonly LearnedWeights _weights;
    private readonly LogisticLearner[] _learners;
    private readonly double[] _shares = new double[FirstLearner + Memories.Length];
    private readonly double[] _predictions = new double[FirstLearner + Memories.Length];
    private readonly PredictionHistogram _histogram = new();
    private readonly InputVector _vector;
    private InputEncoder _encoder;
    private ChangeTest _change;
    private RecentMean _rate;
    private RecentMean _loss;
    private RecentMean _recentLoss;
    private RecentMean _baselineLoss;
    private RecentMean _worseThanPrior;
    private double _excess;
    private double _evidence;
    private double _successes;
    private bool _isOutOfBounds;

    /// <param name="priorRate">The answer without evidence, between 0 and 1, both excluded.</param>
    /// <param name="priorWeight">Outcomes the prior is worth, 0 or more.</param>
    public OnlineScore(int inputs, double priorRate, double priorWeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, MaxInputs);
        if (!(priorRate > 0 && priorRate < 1))
            throw new ArgumentOutOfRangeException(nameof(priorRate), priorRate, "A prior rate is between 0 and 1.");
        if (!(priorWeight >= 0 && double.IsFinite(priorWeight)))
            throw new ArgumentOutOfRangeException(nameof(priorWeight), priorWeight, "A prior weight is 0 or more.");
        PriorRate = priorRate;
        PriorWeight = priorWeight;
        _priorMargin = PortableMath.Log(priorRate / (1 - priorRate));
        _encoder = new InputEncoder(inputs);
        _vector = new InputVector(_encoder.Capacity);
        _priors = new double[_encoder.Weights];
        for (int w = 0; w < _priors.Length; w++)
            _priors[w] = _encoder.Prior(w);
        _weights = new LearnedWeights(_priors);
        _learners = [.. Memories.Select((memory, lane) => new LogisticLearner(_priors, memory, _weights, lane))];
        StartLearners();
    }

    public int Inputs => _encoder.Inputs;

    public double PriorRate { get; }

    public double PriorWeight { get; }

    public ScoreReport Report => new(
        _evidence,
        _successes,
        _evidence > 0 ? _rate.Mean : PriorRate,
        _histogram.Auc(),
        _evidence > 0 ? _loss.Mean : double.NaN,
        _evidence > 0 ? _baselineLoss.Mean : double.NaN,
        _histogram.CalibrationError(),
        _recentLoss.Weight < RecentMemory / 4 ? 0 : (_recentLoss.Mean - _loss.Mean) / Math.Max(_recentLoss.StandardError, 1e-9),
        _change.Alarms,
        _isOutOfBounds);

    /// <summary>How likely success is; strictly between 0 and 1. Never trains.</summary>
    public double Predict(ReadOnlySpan<ScoreInput> inputs) => Answer(Mixture(inputs));

    /// <summary>Judges the prediction for these inputs by what came of them, then learns from it.</summary>
    /// <param name="weight">What the outcome counts; 0 only updates nothing. Finite, at most 1000.</param>
    public void Learn(ReadOnlySpan<ScoreInput> inputs, bool success, double weight = 1)
    {
        if (!(weight >= 0 && weight <= 1000))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "An outcome's weight is 0 to 1000.");
        if (weight == 0)
            return;
        double mixture = Mixture(inputs);
        Judge(mixture, success, weight);
        if (double.IsFinite(mixture))
            Reweigh(success);
        else
            StartLearners();

        _encoder.Observe(inputs);
        _encoder.Encode(inputs, _vector);
        foreach (LogisticLearner learner in _learners)
            learner.Learn(_vector, _priorMargin, success, weight);
        _rate.Add(success ? 1 : 0, RateMemory);
        _evidence += weight;
        _successes += success ? weight : 0;
    }

    /// <summary>
    /// Takes in what another score of the same inputs and prior has learned from other outcomes. Evidence adds; weights are brought to the common scale of the inputs and
    /// averaged by their evidence. Symmetric up to rounding. Outcomes both have learned would count twice.
    /// </summary>
    public void Merge(OnlineScore other)
    {
        if (other.Inputs != Inputs || other.PriorRate != PriorRate)
            throw new ArgumentException("Only scores of the same inputs and prior can be merged.", nameof(other));
        if (other._evidence == 0)
            return;
        OnlineScore theirs = other.Copy();
        InputEncoder united = _encoder.United(theirs._encoder);
        double share = other._evidence / (_evidence + other._evidence);
        for (int i = 0; i < _learners.Length; i++)
        {
            _encoder.Rebase(_learners[i], united);
            theirs._encoder.Rebase(theirs._learners[i], united);
            _learners[i].Absorb(theirs._learners[i]);
        }

        _encoder = united;
        for (int i = 0; i < _shares.Length; i++)
            _shares[i] += share * (theirs._shares[i] - _shares[i]);
        _histogram.Absorb(theirs._histogram);
        _change.Absorb(theirs._change);
        _rate.Absorb(theirs._rate);
        _loss.Absorb(theirs._loss);
        _recentLoss.Absorb(theirs._recentLoss);
        _baselineLoss.Absorb(theirs._baselineLoss);
        _worseThanPrior.Absorb(theirs._worseThanPrior);
        _excess = Math.Max(_excess, theirs._excess);
        _isOutOfBounds = share > 0.5 ? theirs._isOutOfBounds : _isOutOfBounds;
        _evidence += theirs._evidence;
        _successes += theirs._successes;
    }

    /// <summary>The same score, learning on its own from here.</summary>
    public OnlineScore Copy()
    {
        var writer = new StateWriter();
        Write(writer);
        var reader = new StateReader(writer.Written);
        return Read(ref reader);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteByte(Layout);
        writer.WriteUnsigned((ulong)Inputs);
        WriteDouble(writer, PriorRate);
        WriteDouble(writer, PriorWeight);
        WriteDouble(writer, _evidence);
        WriteDouble(writer, _successes);
        writer.WriteByte(_isOutOfBounds ? (byte)1 : (byte)0);
        foreach (double share in _shares)
            WriteDouble(writer, share);
        _encoder.Write(writer);
        foreach (LogisticLearner learner in _learners)
            learner.Write(writer);
        _histogram.Write(writer);
        _change.Write(writer);
        _rate.Write(writer);
        _loss.Write(writer);
        _recentLoss.Write(writer);
        _baselineLoss.Write(writer);
        _worseThanPrior.Write(writer);
        WriteDouble(writer, _excess);
    }

    /// <summary>What <see cref="Write"/> wrote, bit by bit; anything else is an <see cref="InvalidDataException"/>.</summary>
    public static OnlineScore Read(ref StateReader reader)
    {
        if (reader.ReadByte() is var layout && layout != Layout)
            throw new InvalidDataException($"State: a score of layout {layout}; this program reads {Layout}.");
        int inputs = reader.ReadInt(MaxInputs + 1);
        double rate = ReadDouble(ref reader);
        double weight = ReadDouble(ref reader);
        if (inputs == 0 || !(rate > 0 && rate < 1) || !(weight >= 0 && double.IsFinite(weight)))
            throw new InvalidDataException("State: a score without inputs or with an impossible prior.");
        var score = new OnlineScore(inputs, rate, weight)
        {
            _evidence = ReadDouble(ref reader),
            _successes = ReadDouble(ref reader),
            _isOutOfBounds = reader.ReadByte() != 0,
        };
        for (int i = 0; i < score._shares.Length; i++)
            score._shares[i] = ReadDouble(ref reader);
        score._encoder = InputEncoder.Read(ref reader, inputs);
        foreach (LogisticLearner learner in score._learners)
            learner.Read(ref reader);
        score._histogram.Read(ref reader);
        score._change = ChangeTest.Read(ref reader);
        score._rate = RecentMean.Read(ref reader);
        score._loss = RecentMean.Read(ref reader);
        score._recentLoss = RecentMean.Read(ref reader);
        score._baselineLoss = RecentMean.Read(ref reader);
        score._worseThanPrior = RecentMean.Read(ref reader);
        score._excess = ReadDouble(ref reader);
        return score;
    }

    /// <summary>The mixture's probability; leaves each one's own in <see cref="_predictions"/>. Not finite where parameters are not.</summary>
    private double Mixture(ReadOnlySpan<ScoreInput> inputs)
    {
        _encoder.Encode(inputs, _vector);
        _predictions[Prior] = PriorRate;
        _predictions[RecentRate] = RateOfLate();
        _weights.Predict(_vector, _priorMargin, _predictions.AsSpan(FirstLearner));
        double p = 0;
        for (int i = 0; i < _shares.Length; i++)
            p += _shares[i] * _predictions[i];
        return p;
    }

    /// <summary>The last mixture without the two simplest answers.</summary>
    private double OfLearners()
    {
        double p = 0, total = 0;
        for (int i = FirstLearner; i < _shares.Length; i++)
        {
            p += _shares[i] * _predictions[i];
            total += _shares[i];
        }

        return p / total;
    }

    private double Answer(double mixture)
    {
        if (_isOutOfBounds || !double.IsFinite(mixture) || _evidence <= 0)
            return PriorRate;
        double n = _evidence * _evidence;
        double share = n / (n + (PriorWeight * PriorWeight));
        return Bounded(PriorRate + (share * (mixture - PriorRate)));
    }

    private void Judge(double mixture, bool success, double weight)
    {
        double answer = Answer(mixture);
        double loss = Loss(answer, success);
        _histogram.Add(answer, success, weight);
        _loss.Add(loss, LossMemory);
        _recentLoss.Add(loss, RecentMemory);
        _baselineLoss.Add(Loss(_predictions[RecentRate], success), LossMemory);
        if (!double.IsFinite(mixture))
        {
            (_isOutOfBounds, _worseThanPrior) = (true, default);
            return;
        }

        // Judged by what the learners say, not by what was answered, so that a score that was put aside can prove itself again.
        CompareWithPrior(Loss(OfLearners(), success) - Loss(PriorRate, success));
        // The learner that forgets nothing shows a change longest: the mixture has adapted before a test could be sure.
        if (!_change.Add(Loss(_predictions[FirstLearner], success)))
            return;
        foreach (LogisticLearner learner in _learners)
            learner.Doubt();
    }

    /// <summary>
    /// Out of bounds once some stretch of outcomes up to now was e^10 times likelier under the prior than under the learners (a
    /// sequential probability ratio test, Wald 1945: where the learners are right this hardly happens); back once they are no worse over their last outcomes.
    /// </summary>
    private void CompareWithPrior(double excess)
    {
        _excess = Math.Max(0, _excess + excess - LittleWorse);
        _worseThanPrior.Add(excess, BoundsMemory);
        if (_isOutOfBounds)
            _isOutOfBounds = _worseThanPrior.Weight < Proof || _worseThanPrior.Mean > 0;
        else if (_excess > ClearlyWorse)
            (_isOutOfBounds, _worseThanPrior) = (true, default);
        if (_isOutOfBounds)
            _excess = 0;
    }

    /// <summary>Each one's share grows by how likely it held what came; a little goes round, so that none is ever lost.</summary>
    private void Reweigh(bool success)
    {
        double total = 0;
        for (int i = 0; i < _shares.Length; i++)
        {
            _shares[i] *= Math.Max(success ? _predictions[i] : 1 - _predictions[i], MixtureFloor);
            total += _shares[i];
        }

        for (int i = 0; i < _shares.Length; i++)
            _shares[i] = ((1 - Share) * _shares[i] / total) + (Share / _shares.Length);
    }

    private void StartLearners()
    {
        _weights.Clear();
        Array.Fill(_shares, 1.0 / _shares.Length);
        if (_evidence > 0)
            _encoder = new InputEncoder(Inputs);
    }

    /// <summary>With one success and one failure's worth of the prior, so that it is never 0 or 1.</summary>
    private double RateOfLate() => ((_rate.Weight * _rate.Mean) + (2 * PriorRate)) / (_rate.Weight + 2);

    private static double Loss(double p, bool success) => -PortableMath.Log(Bounded(success ? p : 1 - p));

    private static double Bounded(double p) => Math.Min(Math.Max(p, 1e-6), 1 - 1e-6);

    private static void WriteDouble(StateWriter writer, double value) => writer.WriteBits(BitConverter.DoubleToInt64Bits(value));

    private static double ReadDouble(ref StateReader reader) => BitConverter.Int64BitsToDouble(reader.ReadBits());
}
