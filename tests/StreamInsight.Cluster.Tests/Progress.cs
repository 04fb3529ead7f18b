using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace StreamInsight.Cluster.Tests;

/// <summary>Lines for whoever waits: as they come into the file named by STREAMINSIGHT_PROGRESS (a terminal), and with the test's result.</summary>
public sealed class Progress(ITestOutputHelper output)
{
    private static readonly string? File = Environment.GetEnvironmentVariable("STREAMINSIGHT_PROGRESS");

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();

    public void Say(string line)
    {
        string stamped = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} s  {line}");
        lock (_lock)
        {
            output.WriteLine(stamped);
            if (File is { Length: > 0 })
                System.IO.File.AppendAllText(File, stamped + "\n");
        }
    }
}
