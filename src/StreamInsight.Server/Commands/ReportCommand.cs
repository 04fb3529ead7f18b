using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Explain;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight report</c>: what became of every action, against the holdout, by stage and segment; and how the scores do.</summary>
public static class ReportCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The insight model (YAML), with --events.", HelpName = "M.yaml" };
        var events = new Option<FileInfo>("--events") { Description = "A log to replay.", HelpName = "F.jsonl[.gz]" };
        Option<Uri?> url = ServiceClient.UrlOption("A running service, or any node of a cluster (default http://127.0.0.1:8080, without --events).");
        var key = new Option<string>("--key") { Description = "The service's read key; or set STREAMINSIGHT_KEY.", HelpName = "KEY" };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        Command command = new Command("report", "What became of every action: shown, accepted, declined, value, and the uplift against the holdout.") { model, events, url, key, json }
            .WithExample("streaminsight report --url http://127.0.0.1:8080", "streaminsight report --model samples/telco-care.yaml --events log.jsonl");
        command.Validators.Add(line =>
        {
            if (line.GetValue(model) is null != line.GetValue(events) is null)
                line.AddError("--model and --events go together: the model, and the log to report on.");
        });
        command.SetAction(async (line, cancel) =>
        {
            byte[] report = line.GetValue(events) is { } log
                ? FromLog(line.GetRequiredValue(model)!, log)
                : await ServiceClient.ReportAsync(line.GetValue(url) ?? ServiceClient.Default, line.GetValue(key), cancel);
            Console.Out.WriteLine(line.GetValue(json) ? Encoding.UTF8.GetString(report) : Text(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static byte[] FromLog(FileInfo modelFile, FileInfo events)
    {
        CompiledModel model = ModelFile.Load(modelFile);
        using Stream log = ReplayCommand.Open(events);
        using var progress = new ReplayProgressBar();
        var runner = new ReplayRunner(new ReplayOptions { Model = model, Events = log, Parallel = Environment.ProcessorCount, Progress = progress });
        runner.Run();
        progress.Clear();
        var output = new ArrayBufferWriter<byte>();
        ReportWriter.Write(model, runner.Outcomes(), [.. runner.Shared.Scores.Select(score => score.Report)], output);
        return output.WrittenSpan.ToArray();
    }

    private static string Text(byte[] report)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        JsonElement root = document.RootElement;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{root.GetProperty("model").GetString()}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{"action",-40} {"shown",8} {"accepted",8} {"declined",8} {"value",12}   offered → accepted   holdout → accepted   uplift (95 %)\n");
        foreach (JsonProperty action in root.GetProperty("actions").EnumerateObject())
        {
            Row(text, action.Name, action.Value);
            foreach (JsonProperty population in action.Value.GetProperty("by").EnumerateObject())
                Row(text, $"  {population.Name}", population.Value);
        }

        foreach (JsonProperty score in root.GetProperty("scores").EnumerateObject())
            text.Append(CultureInfo.InvariantCulture, $"\nscore {score.Name}: {string.Join(", ", score.Value.EnumerateObject().Select(figure => $"{figure.Name.Replace('_', ' ')} {Short(figure.Value)}"))}");
        return text.ToString().TrimEnd();
    }

    private static void Row(StringBuilder text, string name, JsonElement tally)
    {
        string uplift = tally.GetProperty("uplift") is { ValueKind: JsonValueKind.Object } found
            ? string.Create(CultureInfo.InvariantCulture, $"{found.GetProperty("difference").GetDouble():+0.0%;-0.0%} ({found.GetProperty("low").GetDouble():+0.0%;-0.0%} … {found.GetProperty("high").GetDouble():+0.0%;-0.0%})")
            : "no holdout";
        text.Append(CultureInfo.InvariantCulture, $"{name,-40} {Short(tally.GetProperty("shown")),8} {Short(tally.GetProperty("accepted")),8} {Short(tally.GetProperty("declined")),8} {Short(tally.GetProperty("value")),12}   ");
        text.Append(CultureInfo.InvariantCulture, $"{Arm(tally.GetProperty("offered")),-18}   {Arm(tally.GetProperty("holdout")),-18}   {uplift}\n");
    }

    private static string Arm(JsonElement arm) => $"{Short(arm.GetProperty("customers"))} → {Short(arm.GetProperty("converted"))}";

    private static string Short(JsonElement figure) => figure.ValueKind == JsonValueKind.Number
        ? figure.GetDouble().ToString("0.####", CultureInfo.InvariantCulture)
        : figure.ValueKind == JsonValueKind.Null ? "–" : figure.GetRawText();
}
