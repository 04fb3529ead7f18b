using System.Globalization;
using System.Text;

namespace StreamInsight.Bench.Compare;

/// <summary>Several builds of <c>streaminsight</c> replay one log by one model, in turn, medians of several rounds; their facts, profiles and summaries have to be the same bytes.</summary>
internal sealed class Builds(string events, string model, int rounds, string[] programs)
{
    private static readonly string[] Outputs = ["facts.jsonl", "profiles.jsonl", "dead.jsonl", "summary.json"];

    private readonly string _out = Path.Combine(Path.GetTempPath(), $"streaminsight-builds-{Environment.ProcessId}");

    /// <summary>The result is a table in Markdown.</summary>
    public string Measure()
    {
        long count = File.ReadLines(events).LongCount();
        var runs = programs.ToDictionary(program => program, _ => new Dictionary<int, List<Run>> { [1] = [], [2] = [] });
        for (int round = 1; round <= rounds; round++)
            foreach (string program in programs)
                foreach (int cores in new[] { 1, 2 })
                {
                    string directory = Path.Combine(_out, $"{Array.IndexOf(programs, program)}");
                    var run = Run.Of([program, "replay", "--model", model, "--events", events, "--out", directory, "--parallel", $"{cores}"], cores);
                    runs[program][cores].Add(run);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {program}, {cores}: {run.WallSeconds:F2} s, {run.CpuSeconds:F2} s of processor"));
                    if (Difference(Path.Combine(_out, "0"), directory) is { } file)
                        throw new InvalidOperationException($"{program} on {cores} cores writes another {file} than {programs[0]}");
                }

        Directory.Delete(_out, recursive: true);
        var table = new StringBuilder("| build | events/s, 1 core | 2 cores | processor µs/event, 1 core | 2 cores | peak MiB |\n|---|---:|---:|---:|---:|---:|\n");
        foreach (string program in programs)
        {
            Dictionary<int, List<Run>> of = runs[program];
            table.Append(CultureInfo.InvariantCulture, $"| {program} | {count / Median(of[1], r => r.WallSeconds):F0} | {count / Median(of[2], r => r.WallSeconds):F0} ");
            table.Append(CultureInfo.InvariantCulture, $"| {Median(of[1], r => r.CpuSeconds) / count * 1e6:F1} | {Median(of[2], r => r.CpuSeconds) / count * 1e6:F1} | {Median(of[2], r => r.PeakBytes) / (1 << 20):F0} |\n");
        }

        return table.ToString();
    }

    private static string? Difference(string first, string second) =>
        first == second ? null : Outputs.FirstOrDefault(file => !File.ReadAllBytes(Path.Combine(first, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second, file))));

    private static double Median(List<Run> runs, Func<Run, double> of)
    {
        List<double> values = [.. runs.Select(of).Order()];
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
