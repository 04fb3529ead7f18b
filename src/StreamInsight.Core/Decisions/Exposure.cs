using StreamInsight.Scores;

namespace StreamInsight.Decisions;

/// <summary>A showing whose outcome is awaited: what a learned score knew of the customer then.</summary>
/// <param name="Score">By number among the learned scores.</param>
/// <param name="Decision">Hash of the decision's id; 0 = none.</param>
public sealed record Exposure(int Score, long AtMs, ulong Decision, ScoreInput[] Inputs);
