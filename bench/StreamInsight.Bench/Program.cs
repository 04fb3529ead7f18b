using System.Diagnostics;
using System.Globalization;
using StreamInsight.Bench;
using StreamInsight.Bench.Compare;
using StreamInsight.Bench.Floor;
using StreamInsight.Bench.Growth;
using StreamInsight.Bench.Live;
using StreamInsight.Bench.Micro;
using StreamInsight.Bench.State;
using StreamInsight.Bench.Touch;

const string Usage = """
    StreamInsight.Bench generate OUT.jsonl [events] [customers]      writes workload W
    StreamInsight.Bench floor    W.jsonl reader|special [threads]    the hand-written program
    StreamInsight.Bench compare  W.jsonl REPLAY MODELS [rounds]      floor and replay in turn; a table. REPLAY = the streaminsight program, MODELS = the folder of w.yaml
    StreamInsight.Bench builds   LOG.jsonl MODEL.yaml ROUNDS PROGRAM...   several builds of streaminsight replay one log, in turn; their output has to be the same
    StreamInsight.Bench touch    [rounds] [events] [customers]       models of 50 and of 500 segments of which an event touches 5
    StreamInsight.Bench memory   W.jsonl MODEL.yaml                  bytes a customer after a replay
    StreamInsight.Bench state    HOST:PORT [customers] [seconds]     commits, loads and memory of the state store of one partition on that Redis
    StreamInsight.Bench live     SERVICE [events/s] [seconds] [nodes]  Kafka to Redis at a steady rate, the service beside its broker and Redis; SERVICE = the streaminsight program, nodes: 0 = one process with SQLite
    StreamInsight.Bench growth   [seed]                              clusters of 1 to 1,000 nodes, simulated: the tables of docs/scaling.md
    StreamInsight.Bench micro    [BenchmarkDotNet options]           pieces: the decoder, the writers
    """;

switch (args)
{
    case ["generate", var path, .. var sizes]:
        using (var file = new BufferedStream(File.Create(path), 1 << 20))
            Sized(sizes).Write(file);
        return 0;
    case ["floor", var path, var parser, .. var rest]:
        int threads = rest.Length > 0 ? int.Parse(rest[0]) : 1;
        long started = Stopwatch.GetTimestamp();
        var result = parser == "special" ? new FloorProgram<SpecialParser>(path, threads).Run() : new FloorProgram<ReaderParser>(path, threads).Run();
        Console.WriteLine($"{result.Events / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} events/s without start-up; FloorResult {result}");
        return 0;
    case ["compare", var path, var replay, var models, .. var rest]:
        Console.Write(new Comparison(path, replay, models, rest.Length > 0 ? int.Parse(rest[0]) : 5).Measure());
        return 0;
    case ["builds", var path, var model, var rounds, .. var programs]:
        Console.Write(new Builds(path, model, int.Parse(rounds), programs).Measure());
        return 0;
    case ["touch", .. var rest]:
        Console.Write(new TouchBench(
            rest.Length > 1 ? int.Parse(rest[1]) : 400_000, rest.Length > 2 ? int.Parse(rest[2]) : 200, rest.Length > 0 ? int.Parse(rest[0]) : 5).Measure());
        return 0;
    case ["memory", var path, var model]:
        Console.WriteLine(MemoryFootprint.Measure(path, model));
        return 0;
    case ["state", var address, .. var rest]:
        using (var bench = new RedisStateBench(address, rest.Length > 0 ? int.Parse(rest[0]) : 200_000, rest.Length > 1 ? double.Parse(rest[1], CultureInfo.InvariantCulture) : 5))
            Console.Write(bench.Measure());
        return 0;
    case ["live", var service, .. var rest]:
        int nodes = rest.Length > 2 ? int.Parse(rest[2]) : 0;
        await using (var bench = new LiveBench(service, rest.Length > 0 ? int.Parse(rest[0]) : 20_000, rest.Length > 1 ? int.Parse(rest[1]) : 30, nodes))
            Console.Write(await bench.MeasureAsync());
        return 0;
    case ["growth", .. var rest]:
        Console.Write(GrowthReport.Text(rest.Length > 0 ? int.Parse(rest[0]) : 42));
        return 0;
    case ["micro", .. var options]:
        MicroBenchmarks.Run(options);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static WorkloadW Sized(string[] sizes) => sizes.Length switch
{
    0 => new WorkloadW(),
    1 => new WorkloadW(Events: int.Parse(sizes[0])),
    _ => new WorkloadW(int.Parse(sizes[0]), int.Parse(sizes[1])),
};
