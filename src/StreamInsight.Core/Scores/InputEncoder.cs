using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>
/// Turns inputs into weighted features. Weight 0 is the base rate. Each input has eight of its own: its standardised number, its standardised signed logarithm (which
/// keeps order in heavy tails), one for missing, and five hats over the logarithm, so that a middle can differ from both ends. Categories share hashed buckets
/// (Weinberger et al. 2009), the input's index mixed into the hash.
/// </summary>
internal sealed class InputEncoder(int inputs)
{
    public const int Buckets = 1024;
    private const int PerInput = 8;
    private const int Log = 1;
    private const int Missing = 2;
    private const int Hats = 3;
    private const double MostExtreme = 1e100;   // its square is still finite

    private readonly InputScale[] _numbers = new InputScale[inputs];
    private readonly InputScale[] _logs = new InputScale[inputs];

    public int Inputs => inputs;

    public int Weights => 1 + (inputs * PerInput) + Buckets;

    /// <summary>Features that one set of inputs can have at most.</summary>
    public int Capacity => 1 + (inputs * 4);

    /// <summary>The evidence a weight is worth before any is seen: the inverse variance of a normal prior around zero.</summary>
    public double Prior(int weight) =>
        weight == 0 ? 0.25 : weight > inputs * PerInput || (weight - 1) % PerInput < Hats ? 2 : 8;

    public void Encode(ReadOnlySpan<ScoreInput> given, InputVector into)
    {
        if (given.Length != inputs)
            throw new ArgumentException($"The score has {inputs} inputs; {given.Length} are given.", nameof(given));
        into.Clear();
        into.Add(0, 1);
        for (int i = 0; i < inputs; i++)
        {
            int first = 1 + (i * PerInput);
            switch (given[i].Kind)
            {
                case ScoreInputKind.Number:
                    double x = Bounded(given[i]);
                    double z = _logs[i].Standardise(PortableMath.SignedLog(x));
                    into.Add(first, _numbers[i].Standardise(x));
                    into.Add(first + Log, z);
                    AddHats(first + Hats, z, into);
                    break;
                case ScoreInputKind.Category:
                    ulong hash = ScoreInput.Mix(given[i].Bits + ((ulong)(i + 1) * 0x9e3779b97f4a7c15));
                    into.Add(1 + (inputs * PerInput) + (int)(hash % Buckets), 1);
                    break;
                default:
                    into.Add(first + Missing, 1);
                    break;
            }
        }
    }

    /// <summary>Lets the scales follow the stream.</summary>
    public void Observe(ReadOnlySpan<ScoreInput> given)
    {
        for (int i = 0; i < inputs; i++)
        {
            if (given[i].Kind != ScoreInputKind.Number)
                continue;
            double x = Bounded(given[i]);
            _numbers[i].Add(x);
            _logs[i].Add(PortableMath.SignedLog(x));
        }
    }

    /// <summary>Rewrites what was learned under this scale for <paramref name="to"/>: the same margins for the same inputs (the hats, which are rough anyway, stay).</summary>
    public void Rebase(LogisticLearner learner, InputEncoder to)
    {
        for (int i = 0; i < inputs; i++)
        {
            Rebase(learner, 1 + (i * PerInput), _numbers[i], to._numbers[i]);
            Rebase(learner, 1 + (i * PerInput) + Log, _logs[i], to._logs[i]);
        }
    }

    private static void Rebase(LogisticLearner learner, int weight, in InputScale from, in InputScale to)
    {
        if (from.Count > 0 && to.Count > 0)
            learner.Rescale(weight, to.Spread / from.Spread, (to.Mean - from.Mean) / from.Spread);
    }

    /// <summary>The scales of both streams together.</summary>
    public InputEncoder United(InputEncoder other)
    {
        var united = new InputEncoder(inputs);
        for (int i = 0; i < inputs; i++)
        {
            united._numbers[i] = InputScale.United(_numbers[i], other._numbers[i]);
            united._logs[i] = InputScale.United(_logs[i], other._logs[i]);
        }

        return united;
    }

    public void Write(StateWriter writer)
    {
        for (int i = 0; i < inputs; i++)
        {
            _numbers[i].Write(writer);
            _logs[i].Write(writer);
        }
    }

    public static InputEncoder Read(ref StateReader reader, int inputs)
    {
        var encoder = new InputEncoder(inputs);
        for (int i = 0; i < inputs; i++)
        {
            encoder._numbers[i] = InputScale.Read(ref reader);
            encoder._logs[i] = InputScale.Read(ref reader);
        }

        return encoder;
    }

    /// <summary>Hats stand at −2, −1, 0, 1 and 2 spreads; a number belongs to the two beside it, by distance.</summary>
    private static void AddHats(int first, double z, InputVector into)
    {
        double place = Math.Min(Math.Max(z, -2), 2) + 2;
        int left = Math.Min((int)place, 3);
        into.Add(first + left, 1 - (place - left));
        into.Add(first + left + 1, place - left);
    }

    private static double Bounded(ScoreInput input) => Math.Min(Math.Max(input.AsNumber, -MostExtreme), MostExtreme);
}
