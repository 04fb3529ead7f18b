using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight replay</c>: a model over a file of events.</summary>
public static class ReplayCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The insight model (YAML).", HelpName = "M.yaml", Required = true };
        var events = new Option<FileInfo>("--events") { Description = "The log: one message or batch a line; '-' = standard input.", HelpName = "F.jsonl[.gz]", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Write facts.jsonl, profiles.jsonl, dead.jsonl and summary.json here.", HelpName = "DIR" };
        Option<long?> until = UntilOption();
        var parallel = new Option<int>("--parallel")
        {
            Description = "Threads that customers are spread over (default: processors); the result is the same.",
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        parallel.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= 256))
                result.AddError($"--parallel is a whole number from 1 to 256, not '{result.Tokens[^1].Value}'.");
        });

        Command command = new Command("replay", "What a model makes of a log: the same facts, whenever and however often it is run.") { model, events, output, until, parallel }
            .WithExample("streaminsight replay --model samples/quickstart.yaml --events samples/quickstart.jsonl --out replayed");
        command.SetAction((line, cancel) =>
        {
            CompiledModel compiled = ModelFile.Load(line.GetRequiredValue(model));
            using Stream log = Open(line.GetRequiredValue(events));
            using var progress = new ReplayProgressBar();
            long started = Stopwatch.GetTimestamp();
            ReplaySummary summary = new ReplayRunner(new ReplayOptions
            {
                Model = compiled,
                Events = log,
                OutputDirectory = line.GetValue(output)?.FullName,
                UntilMs = line.GetValue(until),
                Parallel = line.GetValue(parallel),
                Progress = progress,
            }).Run(cancel);
            progress.Clear();
            if (line.GetValue(output) is { } directory)
                new ReplayRecord(line.GetRequiredValue(model), line.GetRequiredValue(events), line.GetValue(until)).Write(directory);
            Print(summary, Stopwatch.GetElapsedTime(started));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    internal static Option<long?> UntilOption() => new("--until")
    {
        Description = "Advance every customer to this instant (default: the greatest record time of the log).",
        HelpName = "2026-03-01T12:00:00Z",
        CustomParser = result =>
        {
            if (IsoTime.TryParse(Encoding.UTF8.GetBytes(result.Tokens[^1].Value), out long milliseconds))
                return milliseconds;
            result.AddError($"--until is an instant such as 2026-03-01T12:00:00Z, not '{result.Tokens[^1].Value}'.");
            return null;
        },
    };

    /// <summary>A log file, unzipped if its name ends in .gz.</summary>
    internal static Stream Open(FileInfo file)
    {
        if (file.Name == "-" || file.ToString() == "-")
            return Console.OpenStandardInput();
        if (!file.Exists)
            throw new WrongInputException($"{file}: there is no such file. --events wants a file with one JSON message a line.");
        var raw = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        return file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
    }

    private static void Print(ReplaySummary summary, TimeSpan elapsed)
    {
        TextWriter text = Console.Out;
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Events:N0} events, {summary.Customers:N0} customers, {summary.TotalFacts:N0} facts in {elapsed.TotalSeconds:N1} s ({summary.Events / elapsed.TotalSeconds:N0} events/s)"));
        if (summary.TotalRefused > 0)
            text.WriteLine("refused: " + string.Join(", ", RefusalReason.All
                .Where(refusal => summary.Refused[(int)refusal] > 0).Select(refusal => $"{refusal.Reason()} {summary.Refused[(int)refusal]}")));
        foreach (SegmentCount segment in summary.Segments)
            text.WriteLine($"segment {segment.Name}: {segment.Entered} entered − {segment.Left} left = {segment.Members} members{(segment.IsConserved ? "" : "   NOT CONSERVED")}");
        foreach ((string stage, long customers) in summary.Stages)
            text.WriteLine($"stage {stage}: {customers}");
        if (summary.RecordTimeJumps > 0)
            Console.Error.WriteLine($"warning: {summary.RecordTimeJumps} record(s) more than 24 h ahead of all before them; such a record fires everyone's timers at the end.");
        foreach ((string where, long count) in summary.Errors)
            Console.Error.WriteLine($"note: {where} ended in an error {count} times and counted as false.");
    }
}
