namespace StreamInsight.Scores;

/// <summary>
/// How a score does, by the predictions it gave before it saw each outcome. All but the counts are decayed: they speak of the last few thousand outcomes.
/// <c>default</c> = nothing learned yet.
/// </summary>
/// <param name="Evidence">Outcomes learned, by weight.</param>
/// <param name="Successes">Those that were successes.</param>
/// <param name="Rate">Share of successes of late.</param>
/// <param name="Auc">Area under the ROC curve: 0.5 is chance. NaN until both classes were seen.</param>
/// <param name="LogLoss">Mean log loss in nats. NaN until there is evidence.</param>
/// <param name="BaselineLogLoss">The log loss of always answering the recent rate: what the inputs must beat.</param>
/// <param name="CalibrationError">Mean distance between predicted and observed rate over bins of the prediction (expected calibration error).</param>
/// <param name="Drift">Recent minus long-term log loss in standard errors of the recent one: above 3 the stream is not what it was.</param>
/// <param name="Drifts">How often the drift test has signalled a change so far.</param>
/// <param name="IsOutOfBounds">The score answers with its prior: its learners were clearly worse than that of late, or its parameters not finite.</param>
public readonly record struct ScoreReport(
    double Evidence, double Successes, double Rate, double Auc, double LogLoss, double BaselineLogLoss, double CalibrationError, double Drift, long Drifts, bool IsOutOfBounds);
