using System.Diagnostics;
using Spectre.Console;

namespace StreamInsight.Server.Demo;

/// <summary>One run of <c>streaminsight demo</c>, from start to summary.</summary>
public static class DemoRun
{
    /// <summary>Runs until cancelled or over; the exit code.</summary>
    /// <param name="console">Where the picture is drawn; null, or no terminal = lines on <paramref name="output"/> instead.</param>
    public static async Task<int> RunAsync(DemoOptions options, TextWriter output, IAnsiConsole? console, CancellationToken cancel)
    {
        if (options.Write is { } file)
            return Write(options, file, output);

        var isPicture = !options.Plain && console is { Profile: { Out.IsTerminal: true, Capabilities.Ansi: true } };
        var log = new DemoLog(isPicture ? null : line => output.WriteLine("warning: " + line));
        using var folder = DemoFolder.Open(options.Data);
        await using var session = await DemoSession.StartAsync(options, folder, log, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), cancel);
        Greet(output, options, folder, session);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        IDemoView view = isPicture ? new PictureView(console!) : new LineView(output);
        var shown = view.ShowAsync(session.Read, ending.Token);
        var fed = session.FeedAsync(ending.Token);
        var ended = await Task.WhenAny(fed, session.Completion);
        await ending.CancelAsync();
        await shown;
        await fed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.StopAsync();

        output.WriteLine();
        var figures = session.Read();
        output.Write(DemoReport.Summary(figures));
        foreach (var hint in DemoHints.Afterwards(figures).Prepend(""))
            output.WriteLine(hint.Length == 0 ? "Try next:" : "  " + hint);
        if (!ended.IsCanceled)
            await ended; // says what failed
        return ExitCode.Done;
    }

    private static void Greet(TextWriter output, DemoOptions options, DemoFolder folder, DemoSession session)
    {
        var goesOn = folder.Progress is { } progress ? $", going on where they stopped on {DemoText.Date(progress.DateMs)}" : "";
        output.WriteLine($"StreamInsight demo: simulated customers of a telephone company{goesOn}; model {session.Model.Id}.");
        foreach (var place in session.Places)
            output.WriteLine("  " + place);
        output.WriteLine($"  Log and state: {folder.Place}{(folder.IsKept ? "" : " (removed at the end)")}");
        if (options.Kafka == "embedded")
            output.WriteLine("  The embedded Kafka keeps the last few megabytes in memory only: it is for trying things out.");
        if (folder.Progress is null && options.HistoryMs > 0)
            output.WriteLine($"First {DemoText.Count(options.HistoryMs / Spans.Day)} simulated days are read in, so that windows are full; then days go by in minutes.");
        output.WriteLine();
    }

    private static int Write(DemoOptions options, FileInfo file, TextWriter output)
    {
        var start = Stopwatch.GetTimestamp();
        var count = DemoLogFile.Write(file, new Simulation(options.Simulation), options.Simulation.StartMs + options.HistoryMs);
        file.Refresh();
        output.WriteLine($"Wrote {DemoText.Count(count)} messages ({DemoText.Count(file.Length)} bytes) to {file} in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s.");
        output.WriteLine($"Try: {DemoHints.Program} replay --model samples/telco-care.yaml --events {file} --out out");
        return ExitCode.Done;
    }
}
