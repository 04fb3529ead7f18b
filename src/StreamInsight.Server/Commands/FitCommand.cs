using System.CommandLine;
using System.Globalization;
using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Pipeline.Replay;
using StreamInsight.Server.Fit;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight fit</c>: parameters of customer value and cuts of RFM scores from a log.</summary>
public static class FitCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The insight model (YAML); its features clv, p_alive and rfm say what a purchase is.", HelpName = "M.yaml", Required = true };
        var events = new Option<FileInfo>("--events") { Description = "The log: one message or batch a line; '-' = standard input.", HelpName = "F.jsonl[.gz]", Required = true };
        var holdout = new Option<long?>("--holdout-from")
        {
            Description = "Fit to what was bought before this day and check against what was bought from it on.",
            HelpName = "1997-10-01",
            CustomParser = result =>
            {
                if (Instant(result.Tokens[^1].Value) is { } milliseconds)
                    return milliseconds;
                result.AddError($"--holdout-from is a day or an instant such as 1997-10-01, not '{result.Tokens[^1].Value}'.");
                return null;
            },
        };
        Option<long?> until = ReplayCommand.UntilOption();
        until.Description = "The last day of the log (default: that of the greatest record time).";
        var output = new Option<FileInfo>("--out") { Description = "Write the estimates there as YAML, to be copied into the model.", HelpName = "FILE.yaml" };
        var write = new Option<bool>("--write") { Description = "Put the estimates into the model file; nothing else in it changes." };
        Command command = new Command("fit", "Estimates BG/NBD and Gamma-Gamma parameters and RFM cuts from a log, by maximum likelihood.") { model, events, holdout, until, output, write }
            .WithExample(
                "streaminsight fit --model insight.yaml --events orders.jsonl.gz --holdout-from 2026-01-01",
                "streaminsight fit --model insight.yaml --events orders.jsonl.gz --write");
        command.SetAction((line, cancel) =>
        {
            TextWriter text = line.InvocationConfiguration.Output;
            FileInfo file = line.GetRequiredValue(model);
            ModelDefinition definition = Load(file);
            List<PurchaseGroup> groups = PurchaseGroup.Of(definition);
            if (groups.Count == 0)
                throw new WrongInputException($"{file}: no feature reads purchases; give it one, such as\n  clv: {{ clv: {{ purchases: order, value: order.total }} }}");
            List<Estimate> estimates = Estimates(line.GetRequiredValue(events), definition, groups, line.GetValue(holdout), line.GetValue(until), cancel);
            foreach (Estimate estimate in estimates)
                FitReport.Print(estimate, text);
            if (line.GetValue(output) is { } target)
                File.WriteAllText(target.FullName, Snippet(estimates));
            if (line.GetValue(write))
                Write(file, estimates, text);
            else if (line.GetValue(output) is null)
                text.Write(Snippet(estimates));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static List<Estimate> Estimates(FileInfo events, ModelDefinition model, List<PurchaseGroup> groups, long? holdoutFromMs, long? untilMs, CancellationToken cancel)
    {
        using Stream log = ReplayCommand.Open(events);
        using var progress = new ReplayProgressBar();
        (List<Population> populations, ReplaySummary summary) = PurchaseReplay.Run(model, groups, log, holdoutFromMs, untilMs, Environment.ProcessorCount, progress, cancel);
        progress.Clear();
        if (summary.TotalRefused > 0)
            Console.Error.WriteLine($"note: {summary.TotalRefused:N0} of {summary.Events:N0} records were refused; `streaminsight replay` tells why.");
        progress.Report(new ReplayProgress("fitting", summary.Events, 0));
        List<Estimate> estimates = [.. groups.Zip(populations, Estimate.Of)];
        progress.Clear();
        return estimates;
    }

    /// <summary>What a model may hold of the estimates, with where each belongs.</summary>
    private static string Snippet(List<Estimate> estimates)
    {
        var text = new StringBuilder();
        foreach (Estimate estimate in estimates)
        {
            string over = $"over {estimate.Group.Name}{(estimate.Group.Where is { } where ? $" where {where.Text}" : "")}";
            if (estimate.Parameters() is { } parameters)
                text.Append(CultureInfo.InvariantCulture, $"# into clv: or p_alive: {over}\nparameters: {parameters}\n");
            if (estimate.CutsText() is { } cuts)
                text.Append(CultureInfo.InvariantCulture, $"# into rfm: {over}\ncuts: {cuts}\n");
        }

        return text.ToString();
    }

    private static void Write(FileInfo file, List<Estimate> estimates, TextWriter text)
    {
        string patched = ModelPatch.Apply(File.ReadAllText(file.FullName), estimates);
        CheckedModel check = ModelCheck.All(patched);
        if (!check.IsGood)
            throw new InvalidOperationException($"The model would be faulty with the estimates in it: {string.Join("; ", check.Faults)}");
        File.WriteAllText(file.FullName, patched);
        text.WriteLine($"{file}: written; raise its version");
    }

    private static ModelDefinition Load(FileInfo file)
    {
        CheckedModel result = ModelCheck.All(ModelFile.Read(file));
        return result.Model?.Definition ?? throw new WrongInputException([.. result.Faults.Where(fault => !fault.IsWarning).Select(fault => $"{file}:{fault}")]);
    }

    private static long? Instant(string text)
    {
        string instant = text.Contains('T', StringComparison.Ordinal) ? text : $"{text}T12:00:00Z";   // noon: the same day in nearly every zone
        return IsoTime.TryParse(Encoding.UTF8.GetBytes(instant), out long milliseconds) ? milliseconds : null;
    }
}
