using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Scores;

namespace StreamInsight.Pipeline.Replay;

/// <summary>A summary as JSON for people and scripts.</summary>
public static class ReplaySummaryWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(ReplaySummary summary)
    {
        var root = new JsonObject
        {
            ["model"] = summary.Model,
            ["until"] = summary.UntilMs is { } untilMs ? DateTimeOffset.FromUnixTimeMilliseconds(untilMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) : null,
            ["events"] = summary.Events,
            ["accepted"] = summary.Accepted,
            ["refused"] = Counts(summary.Refused, i => ((Refusal)i).Reason()),
            ["customers"] = summary.Customers,
            ["facts"] = Counts(summary.Facts, i => ((FactKind)i).Name()),
            ["segments"] = new JsonObject(summary.Segments.Select(segment => KeyValuePair.Create<string, JsonNode?>(
                segment.Name, new JsonObject { ["entered"] = segment.Entered, ["left"] = segment.Left, ["members"] = segment.Members }))),
            ["stages"] = new JsonObject(summary.Stages.Select(stage => KeyValuePair.Create<string, JsonNode?>(stage.Stage, stage.Customers))),
            ["links_refused"] = new JsonObject { ["merge_refused"] = summary.MergeRefused, ["identity_limit"] = summary.IdentityLimitRefused },
            ["record_time_jumps"] = summary.RecordTimeJumps,
            ["condition_errors"] = new JsonObject(summary.Errors.Select(error => KeyValuePair.Create<string, JsonNode?>(error.Where, error.Count))),
        };
        if (summary.Scores.Count > 0)
            root["scores"] = new JsonObject(summary.Scores.Select(score => KeyValuePair.Create<string, JsonNode?>(score.Name, Report(score.Report))));
        return root.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Report(ScoreReport report) => new()
    {
        ["evidence"] = report.Evidence,
        ["successes"] = report.Successes,
        ["rate"] = Finite(report.Rate),
        ["auc"] = Finite(report.Auc),
        ["log_loss"] = Finite(report.LogLoss),
        ["baseline_log_loss"] = Finite(report.BaselineLogLoss),
        ["calibration_error"] = Finite(report.CalibrationError),
        ["drift"] = Finite(report.Drift),
        ["drifts"] = report.Drifts,
        ["out_of_bounds"] = report.IsOutOfBounds,
    };

    private static JsonNode? Finite(double number) => double.IsFinite(number) ? number : null;

    private static JsonObject Counts(long[] counts, Func<int, string> name) =>
        new(Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).Select(i => KeyValuePair.Create<string, JsonNode?>(name(i), counts[i])));
}
