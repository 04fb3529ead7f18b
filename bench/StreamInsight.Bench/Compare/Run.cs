using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamInsight.Bench.Compare;

/// <summary>What one run took, from start to exit of the process: start-up and compilation included, for all alike.</summary>
internal sealed partial record Run(double WallSeconds, double CpuSeconds, long PeakBytes, string Output)
{
    private const int Children = -1;

    /// <summary>Runs a command; on one core means that the process may use no other.</summary>
    public static Run Of(string[] command, int cores)
    {
        string[] all = cores == 1 ? ["taskset", "-c", "0", .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true };
        double cpuBefore = ChildrenCpuSeconds();
        long started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(20))
            peak = Math.Max(peak, PeakBytesOf(process.Id));
        process.WaitForExit();
        double wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', all)} ended with {process.ExitCode}");
        return new Run(wall, ChildrenCpuSeconds() - cpuBefore, peak, output.Result);
    }

    private static long PeakBytesOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return 0;
        }
    }

    private static double ChildrenCpuSeconds()
    {
        // struct rusage begins with two struct timeval: user and system time.
        Span<long> usage = stackalloc long[32];
        GetResourceUsage(Children, ref usage[0]);
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, ref long usage);
}
