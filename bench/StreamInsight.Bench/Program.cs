using System.Diagnostics;
using StreamInsight.Bench;
using StreamInsight.Bench.Floor;

const string Usage = """
    StreamInsight.Bench generate OUT.jsonl [events] [customers]      workload W
    StreamInsight.Bench floor    W.jsonl reader|special [threads]    the hand-written program
    """;

switch (args)
{
    case ["generate", var path, .. var sizes]:
        using (var file = new BufferedStream(File.Create(path), 1 << 20))
        {
            var w = new WorkloadW();
            (sizes.Length switch
            {
                0 => w,
                1 => w with { Events = int.Parse(sizes[0]) },
                _ => w with { Events = int.Parse(sizes[0]), Customers = int.Parse(sizes[1]) },
            }).Write(file);
        }

        return 0;
    case ["floor", var path, var parser, .. var rest]:
        int threads = rest.Length > 0 ? int.Parse(rest[0]) : 1;
        long started = Stopwatch.GetTimestamp();
        var result = parser == "special" ? new FloorProgram<SpecialParser>(path, threads).Run() : new FloorProgram<ReaderParser>(path, threads).Run();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"{result.Events / seconds:F0} events/s, {result}");
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
