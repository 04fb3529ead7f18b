using System.Diagnostics;

namespace StreamInsight.Server.Demo;

/// <summary>One run of <c>streaminsight demo</c>, from start to summary.</summary>
public static class DemoRun
{
    /// <summary>Runs until cancelled or over; the exit code.</summary>
    public static Task<int> RunAsync(DemoOptions options, CancellationToken cancel) =>
        options.Write is { } file ? Task.FromResult(Write(options, file)) : throw new NotSupportedException();

    private static int Write(DemoOptions options, FileInfo file)
    {
        var start = Stopwatch.GetTimestamp();
        var count = DemoLogFile.Write(file, new Simulation(options.Simulation), options.Simulation.StartMs + options.HistoryMs);
        file.Refresh();
        Console.Out.WriteLine($"Wrote {DemoText.Count(count)} messages ({DemoText.Count(file.Length)} bytes) to {file} in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s.");
        Console.Out.WriteLine($"Try: streaminsight replay --model samples/telco-care.yaml --events {file} --out out");
        return ExitCode.Done;
    }
}
