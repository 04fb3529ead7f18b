using StreamInsight.Scores;

namespace StreamInsight.Decisions;

/// <summary>How scores and actions do at one instant, for metrics. Immutable: any thread.</summary>
/// <param name="Scores">Scores that learn, by name.</param>
/// <param name="Actions">What became of every action in all, by name.</param>
public sealed record DecisionFigures(IReadOnlyList<(string Name, ScoreReport Report)> Scores, IReadOnlyList<(string Name, OutcomeTally Tally)> Actions)
{
    public static DecisionFigures Of(CompiledModel model, SharedState shared) => new(
        [.. model.Scores.Where(score => score.Learning is not null).Select(score => (score.Name, shared.Scores[score.Learning!.Index].Report))],
        [.. model.Actions.Select(action => (action.Name, shared.Outcomes[action.Index, 0]))]);
}
