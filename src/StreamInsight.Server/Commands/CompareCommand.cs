using System.CommandLine;
using System.Globalization;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight compare</c>: what a change of the model would have done, on a log.</summary>
public static class CompareCommand
{
    public static Command Create()
    {
        var baseModel = new Option<FileInfo>("--base") { Description = "The model as it is.", HelpName = "A.yaml", Required = true };
        var withModel = new Option<FileInfo>("--with") { Description = "The model as it would be.", HelpName = "B.yaml", Required = true };
        var events = new Option<FileInfo>("--events") { Description = "The log to try both on.", HelpName = "F.jsonl[.gz]", Required = true };
        Option<long?> until = ReplayCommand.UntilOption();
        Command command = new Command("compare", "What a change of a model would have done: both models over one log, and who stands elsewhere.") { baseModel, withModel, events, until }
            .WithExample("streaminsight compare --base model.yaml --with changed.yaml --events yesterday.jsonl.gz");
        command.SetAction(line =>
        {
            CompiledModel before = ModelFile.Load(line.GetRequiredValue(baseModel));
            CompiledModel after = ModelFile.Load(line.GetRequiredValue(withModel));
            (ReplayRunner baseRun, ReplaySummary baseSummary) = Replay(before, line.GetRequiredValue(events), line.GetValue(until));
            (ReplayRunner withRun, ReplaySummary withSummary) = Replay(after, line.GetRequiredValue(events), line.GetValue(until));
            Print(ReplayComparison.Of(baseRun, baseSummary, withRun, withSummary), Console.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static (ReplayRunner Runner, ReplaySummary Summary) Replay(CompiledModel model, FileInfo events, long? untilMs)
    {
        using Stream log = ReplayCommand.Open(events);
        using var progress = new ReplayProgressBar();
        var runner = new ReplayRunner(new ReplayOptions { Model = model, Events = log, UntilMs = untilMs, Parallel = Environment.ProcessorCount, Progress = progress });
        return (runner, runner.Run());
    }

    private static void Print(ReplayComparison comparison, TextWriter text)
    {
        text.WriteLine(Line($"{comparison.Base.Model} → {comparison.With.Model}: {comparison.Base.Events:N0} events, {comparison.ChangedCustomers:N0} of {comparison.With.Customers:N0} customers stand elsewhere at the end"));
        text.WriteLine();
        text.WriteLine(Line($"{"facts",-24} {"base",12} {"with",12}"));
        for (int kind = 0; kind < comparison.Base.Facts.Length; kind++)
            if (comparison.Base.Facts[kind] + comparison.With.Facts[kind] > 0)
                text.WriteLine(Line($"  {((FactKind)kind).Name(),-22} {comparison.Base.Facts[kind],12:N0} {comparison.With.Facts[kind],12:N0}"));

        text.WriteLine();
        text.WriteLine(Line($"{"segments (members)",-24} {"base",12} {"with",12} {"gained",10} {"lost",10}"));
        foreach (SegmentDifference segment in comparison.Segments)
        {
            text.WriteLine(Line($"  {segment.Name,-22} {Members(segment.Base),12} {Members(segment.With),12} {segment.Gained,10:N0} {segment.Lost,10:N0}"));
            Names(text, "gained", segment.GainedExamples, segment.Gained);
            Names(text, "lost", segment.LostExamples, segment.Lost);
        }

        if (comparison.Moves.Count > 0)
            text.WriteLine("\nstages");
        foreach (StageMove move in comparison.Moves)
        {
            text.WriteLine(Line($"  {move.From ?? "(none)"} → {move.To ?? "(none)"}: {move.Customers:N0}"));
            Names(text, "such as", move.CustomerExamples, move.Customers);
        }
    }

    private static void Names(TextWriter text, string what, IReadOnlyList<string> names, long count)
    {
        if (names.Count > 0)
            text.WriteLine($"      {what}: {string.Join(", ", names)}{(count > names.Count ? ", …" : "")}");
    }

    private static string Members(SegmentCount? segment) => segment is null ? "-" : segment.Members.ToString("N0", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
