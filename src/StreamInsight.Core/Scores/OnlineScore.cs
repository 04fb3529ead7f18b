using StreamInsight.State;

namespace StreamInsight.Scores;

/// <summary>Online logistic regression for one score.</summary>
public sealed class OnlineScore
{
    public OnlineScore(int inputs, double priorRate, double priorWeight)
    {
        _ = inputs;
        PriorRate = priorRate;
        PriorWeight = priorWeight;
    }

    public double PriorRate { get; }

    public double PriorWeight { get; }

    public ScoreReport Report => default;

    public double Predict(ReadOnlySpan<ScoreInput> inputs) => PriorRate;

    public void Learn(ReadOnlySpan<ScoreInput> inputs, bool success, double weight = 1)
    {
    }

    public void Merge(OnlineScore other)
    {
    }

    public void Write(StateWriter writer)
    {
    }

    public static OnlineScore Read(ref StateReader reader) => new(1, 0.5, 1);
}
