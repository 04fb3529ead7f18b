using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight;
using StreamInsight.Bench;
using StreamInsight.Bench.Orleans;
using StreamInsight.Definitions;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;

if (args is ["generate", var made, .. var sizes])
{
    using var file = new BufferedStream(File.Create(made), 1 << 20);
    new WorkloadW(sizes.Length > 0 ? int.Parse(sizes[0], CultureInfo.InvariantCulture) : 2_000_000).Write(file);
    return 0;
}
if (args is not [var path, var modelPath, ..])
{
    Console.Error.WriteLine("StreamInsight.Bench.Orleans W.jsonl w.yaml [rounds=5] [run=4096]: W through the local host and through grains on one silo, in turn; a table.\nStreamInsight.Bench.Orleans generate W.jsonl [events]");
    return 2;
}
int rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5, runOf = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 4096;
CompiledModel model = ModelCheck.All(File.ReadAllBytes(modelPath)).Model ?? throw new InvalidOperationException($"{modelPath} has faults: streaminsight check says which.");

(string Name, GrainKind? Grain, int Run)[] contenders =
[
    ("local host", null, runOf),
    ("partition grain", GrainKind.Partition, runOf),
    ("customer grains, a call per customer and run", GrainKind.Customer, runOf),
    ($"the same, runs of {runOf / 4}", GrainKind.Customer, runOf / 4),
];
var runs = contenders.ToDictionary(contender => contender.Name, _ => new List<(HostRun Run, double BytesEach)>());
for (int round = 0; round <= rounds; round++)   // the first only warms up
{
    foreach ((string name, GrainKind? grain, int run) in contenders)
    {
        await using ICustomerHosts hosts = grain is { } kind
            ? await InsightSilo.StartAsync(new SiloOptions { Grain = kind, SiloPort = 0 }, model, null, NullLoggerFactory.Instance)
            : new LocalCustomerHosts();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        HostRun result = await new HostRun(path, model, run).OfAsync(hosts.Create(model, new NoStore(), "w"));
        if (round > 0)
            runs[name].Add((result, (double)(result.BytesAtEnd - before) / result.Customers));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {round}: {name}: {result.Events / result.Seconds / 1000:F0} k/s, {result.Customers} customers, {result.Entered} entered, {result.Left} left, {(double)(result.BytesAtEnd - before) / result.Customers:F0} bytes each"));
    }
}

Console.WriteLine($"<!-- runs of {runOf}, median of {rounds}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} after -->");
Console.WriteLine("| | events/s | of the local host | processor ns/event | bytes a customer | answer |");
Console.WriteLine("|---|---:|---:|---:|---:|---|");
double local = Median(contenders[0].Name, run => run.Run.Events / run.Run.Seconds);
foreach ((string name, _, _) in contenders)
{
    double speed = Median(name, run => run.Run.Events / run.Run.Seconds);
    HostRun last = runs[name][^1].Run;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {speed / 1000:F0} k | {speed / local:F2} | {Median(name, run => run.Run.ProcessorSeconds / run.Run.Events * 1e9):F0} | {Median(name, run => run.BytesEach):F0} | {last.Customers} customers, {last.Entered} entered, {last.Left} left |"));
}
return 0;

double Median(string name, Func<(HostRun Run, double BytesEach), double> of)
{
    List<double> values = [.. runs[name].Select(of).Order()];
    return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
}
