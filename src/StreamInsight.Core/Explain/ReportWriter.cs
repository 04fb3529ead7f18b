using System.Buffers;
using System.Text.Json;
using StreamInsight.Decisions;
using StreamInsight.Scores;

namespace StreamInsight.Explain;

/// <summary>The closed loop as one JSON object: per action what became of it, against the holdout, by stage and segment; and how the scores do.</summary>
public static class ReportWriter
{
    public static void Write(CompiledModel model, SharedState shared, IBufferWriter<byte> output) => Write(model, shared.Outcomes, [.. shared.Scores.Select(score => score.Report)], output);

    public static void Write(CompiledModel model, OutcomeBook book, IReadOnlyList<ScoreReport> scores, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("model", model.Id);
        json.WriteStartObject("actions");
        for (int action = 0; action < book.ActionCount; action++)
        {
            json.WriteStartObject(book.NameOf(action));
            WriteTally(json, book[action, 0]);
            json.WriteStartObject("by");
            for (int population = 1; population < book.Populations.Count; population++)
                if (book[action, population] is { IsEmpty: false } tally)
                {
                    json.WriteStartObject(book.Populations[population]);
                    WriteTally(json, tally);
                    json.WriteEndObject();
                }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("scores");
        foreach (CompiledScore score in model.Scores)
            if (score.Learning is { } learning)
                WriteScore(json, score.Name, scores[learning.Index]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTally(Utf8JsonWriter json, in OutcomeTally tally)
    {
        json.WriteNumber("shown", tally.Shown);
        json.WriteNumber("accepted", tally.Accepted);
        json.WriteNumber("declined", tally.Declined);
        json.WriteNumber("value", tally.Value);
        json.WriteStartObject("offered");
        WriteArm(json, tally.Offered, tally.Converted, null);
        json.WriteEndObject();
        json.WriteStartObject("holdout");
        WriteArm(json, tally.HeldOut, tally.HeldOutConverted, tally.HeldOutValue);
        json.WriteEndObject();
        if (Uplift.Of(tally) is not { } uplift)
        {
            json.WriteNull("uplift");
            return;
        }

        json.WriteStartObject("uplift");
        json.WriteNumber("difference", uplift.Difference);
        json.WriteNumber("low", uplift.Low);
        json.WriteNumber("high", uplift.High);
        json.WriteEndObject();
    }

    private static void WriteArm(Utf8JsonWriter json, long customers, long converted, decimal? value)
    {
        json.WriteNumber("customers", customers);
        json.WriteNumber("converted", converted);
        if (customers == 0)
            json.WriteNull("rate");
        else
            json.WriteNumber("rate", (double)converted / customers);
        if (value is { } worth)
            json.WriteNumber("value", worth);
    }

    private static void WriteScore(Utf8JsonWriter json, string name, in ScoreReport report)
    {
        json.WriteStartObject(name);
        json.WriteNumber("evidence", report.Evidence);
        json.WriteNumber("successes", report.Successes);
        Number("rate", report.Rate);
        Number("auc", report.Auc);
        Number("log_loss", report.LogLoss);
        Number("baseline_log_loss", report.BaselineLogLoss);
        Number("calibration_error", report.CalibrationError);
        Number("drift", report.Drift);
        json.WriteNumber("drifts", report.Drifts);
        json.WriteBoolean("out_of_bounds", report.IsOutOfBounds);
        json.WriteEndObject();

        void Number(string key, double number)
        {
            if (double.IsFinite(number))
                json.WriteNumber(key, number);
            else
                json.WriteNull(key);
        }
    }
}
