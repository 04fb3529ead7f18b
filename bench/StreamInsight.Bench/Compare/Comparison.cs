using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamInsight.Bench.Compare;

/// <summary>The floor program and <c>replay</c> on the same file, in turn, medians of several rounds.</summary>
internal sealed class Comparison(string events, string replay, string models, int rounds)
{
    private const string FloorOne = "floor, Utf8JsonReader, 1 core";
    private const string FloorTwo = "floor, Utf8JsonReader, 2 cores";

    private readonly string _out = Path.Combine(Path.GetTempPath(), $"streaminsight-bench-{Environment.ProcessId}");
    private readonly Dictionary<Contender, List<Run>> _runs = [];
    private readonly Dictionary<string, string> _answers = [];

    /// <summary>Runs all rounds; the result is a table in Markdown.</summary>
    public string Measure()
    {
        long count = Count();
        Contender[] contenders =
        [
            Floor(FloorOne, "reader", 1, null),
            Floor("floor, special parser, 1 core", "special", 1, FloorOne),
            Replay("replay, 1 core", "w.yaml", 1, FloorOne),
            Replay("replay, exact windows, 1 core", "w-exact.yaml", 1, FloorOne),
            Floor(FloorTwo, "reader", 2, null),
            Floor("floor, special parser, 2 cores", "special", 2, FloorTwo),
            Replay("replay, 2 cores", "w.yaml", 2, FloorTwo),
            Replay("replay, exact windows, 2 cores", "w-exact.yaml", 2, FloorTwo),
        ];
        for (int round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var run = Run.Of(contender.Command, contender.Cores);
                _runs.TryAdd(contender, []);
                _runs[contender].Add(run);
                _answers[contender.Name] = Answer(contender, run);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {contender.Name}: {run.WallSeconds:F2} s, {run.CpuSeconds:F2} s of processor"));
            }
        }

        if (Directory.Exists(_out))
            Directory.Delete(_out, recursive: true);
        return Table(contenders, count);
    }

    private Contender Floor(string name, string parser, int threads, string? against) =>
        new(name, threads, [Environment.ProcessPath!, "floor", events, parser, $"{threads}"], against);

    private Contender Replay(string name, string model, int cores, string against) =>
        new(name, cores, [replay, "replay", "--model", Path.Combine(models, model), "--events", events, "--out", _out, "--parallel", $"{cores}"], against);

    private string Answer(Contender contender, Run run)
    {
        if (contender.Command[1] == "floor")
            return run.Output.Split("FloorResult")[^1].Trim();
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(_out, "summary.json")));
        var facts = summary.RootElement.GetProperty("facts");
        return $"{summary.RootElement.GetProperty("customers")} customers, {Number(facts, "segment_entered")} entered, {Number(facts, "segment_left")} left";
    }

    private static string Number(JsonElement facts, string kind) => facts.TryGetProperty(kind, out var number) ? number.ToString() : "0";

    private long Count()
    {
        using var file = File.OpenRead(events);
        var buffer = new byte[1 << 20];
        long count = 0;
        for (int read; (read = file.Read(buffer)) > 0;)
            count += buffer.AsSpan(0, read).Count((byte)'\n');
        return count;
    }

    private string Table(Contender[] contenders, long count)
    {
        var table = new StringBuilder();
        table.AppendLine("| | events/s | of the floor | processor ns/event | of the floor | peak MiB | answer |");
        table.AppendLine("|---|---:|---:|---:|---:|---:|---|");
        foreach (var contender in contenders)
        {
            var floor = contenders.FirstOrDefault(c => c.Name == contender.Against) ?? contender;
            double wall = Median(contender, r => r.WallSeconds), cpu = Median(contender, r => r.CpuSeconds);
            table.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {contender.Name} | {count / wall / 1e6:F2} M | {Median(floor, r => r.WallSeconds) / wall:F2} | {cpu / count * 1e9:F0} | {Median(floor, r => r.CpuSeconds) / cpu:F2} | {Median(contender, r => r.PeakBytes) / (1 << 20):F0} | {_answers[contender.Name]} |"));
        }

        return table.ToString();
    }

    private double Median(Contender contender, Func<Run, double> of)
    {
        var values = _runs[contender].Select(of).Order().ToList();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
