using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight;
using StreamInsight.Bench;
using StreamInsight.Bench.Orleans;
using StreamInsight.Definitions;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;

const string Usage = """
    StreamInsight.Bench.Orleans generate W.jsonl [events]                   writes workload W
    StreamInsight.Bench.Orleans W.jsonl w.yaml [rounds=5] [run=4096]        W through the local host and through grains on one silo, in turn; a table
    """;

switch (args)
{
    case ["generate", var made, .. var sizes]:
        using (var file = new BufferedStream(File.Create(made), 1 << 20))
            new WorkloadW(sizes.Length > 0 ? Number(sizes[0]) : 2_000_000).Write(file);
        return 0;
    case ["one", var host, var path, var modelPath, var run]:
        Console.WriteLine(JsonSerializer.Serialize(await OneAsync(host, path, modelPath, Number(run))));
        return 0;
    case [var path, var modelPath, .. var rest]:
        Compare(path, modelPath, rest.Length > 0 ? Number(rest[0]) : 5, rest.Length > 1 ? Number(rest[1]) : 4096);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

// A process for each measurement: the first pass, cold, gives the memory, the second the speed.
static async Task<Figures> OneAsync(string host, string path, string modelPath, int runOf)
{
    CompiledModel model = ModelCheck.All(File.ReadAllBytes(modelPath)).Model ?? throw new InvalidOperationException($"{modelPath} has faults: streaminsight check says which.");
    double bytes = 0;
    for (int pass = 1; ; pass++)
    {
        await using ICustomerHosts hosts = host == "local" ? new LocalCustomerHosts()
            : await InsightSilo.StartAsync(new SiloOptions { Grain = host == "partition" ? GrainKind.Partition : GrainKind.Customer, SiloPort = 0 }, model, null, NullLoggerFactory.Instance);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        HostRun run = await new HostRun(path, model, runOf).OfAsync(hosts.Create(model, new NoStore(), "w"));
        Console.Error.WriteLine($"{host} pass {pass}: {run.Events / run.Seconds / 1000:F0} k/s, collections {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}, paused {GC.GetTotalPauseDuration().TotalSeconds:F2} s of {run.Seconds:F2}, allocated {GC.GetTotalAllocatedBytes() / run.Events} bytes/event");
        if (pass == 1)
            bytes = (double)(run.BytesAtEnd - before) / run.Customers;
        else
            return new Figures(run.Events / run.Seconds, run.ProcessorSeconds / run.Events * 1e9, bytes, $"{run.Customers} customers, {run.Entered} entered, {run.Left} left");
    }
}

static void Compare(string path, string modelPath, int rounds, int runOf)
{
    (string Name, string Host, int Run)[] contenders =
    [
        ("local host", "local", runOf),
        ("partition grain", "partition", runOf),
        ($"customer grains, a call per customer and run of {runOf}", "customer", runOf),
        ($"customer grains, a call per customer and run of {runOf / 4}", "customer", runOf / 4),
    ];
    var all = contenders.ToDictionary(contender => contender.Name, _ => new List<Figures>());
    for (int round = 1; round <= rounds; round++)
    {
        foreach ((string name, string host, int run) in contenders)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["one", host, path, modelPath, $"{run}"]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            Figures figures = JsonSerializer.Deserialize<Figures>(process.StandardOutput.ReadToEnd())!;
            all[name].Add(figures);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {name}: {figures.EventsASecond / 1000:F0} k/s, {figures.ProcessorNs:F0} ns, {figures.BytesACustomer:F0} bytes, {figures.Answer}"));
        }
    }
    Console.WriteLine($"<!-- median of {rounds}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} after -->");
    Console.WriteLine("| | events/s | of the local host | processor ns/event | of the local host | bytes a customer | answer |");
    Console.WriteLine("|---|---:|---:|---:|---:|---:|---|");
    List<Figures> local = all[contenders[0].Name];
    foreach ((string name, List<Figures> figures) in all)
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Median(figures, f => f.EventsASecond) / 1000:F0} k | {Median(figures, f => f.EventsASecond) / Median(local, f => f.EventsASecond):F2} | {Median(figures, f => f.ProcessorNs):F0} | {Median(figures, f => f.ProcessorNs) / Median(local, f => f.ProcessorNs):F2} | {Median(figures, f => f.BytesACustomer):F0} | {figures[^1].Answer} |"));
}

static double Median(List<Figures> figures, Func<Figures, double> of)
{
    List<double> values = [.. figures.Select(of).Order()];
    return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
}

internal sealed record Figures(double EventsASecond, double ProcessorNs, double BytesACustomer, string Answer);
