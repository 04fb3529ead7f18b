using System.Text;
using System.Text.Json;
using StreamInsight.Orleans.Tests.Setting;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Replay;
using StreamInsight.Pipeline.Tests.Golden;
using StreamInsight.Pipeline.Tests.Hosts;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Orleans.Tests;

/// <summary>Grains tell what <c>replay</c> tells, and what a pipeline with the local host tells.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Facts_are_those_of_replay(bool customers)
    {
        string[] log = [.. GoldenLog.Lines(0, GoldenLog.Messages)];
        new ReplayRunner(new ReplayOptions
        {
            Model = GoldenLog.Compile(), Events = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', log))), OutputDirectory = _folder.Path,
        }).Run();
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile());
        var trial = new HostTrial(silos.Model.Model, (_, store) => customers ? silos.Customers(store) : silos.Partition(store));
        await trial.ApplyAsync(log, 40, 3);
        string[] replayed = File.ReadAllLines(Path.Combine(_folder.Path, "facts.jsonl"));
        Assert.Equal(replayed.OrderBy(Customer, StringComparer.Ordinal), trial.Facts);
    }

    [Theory]
    [InlineData("telco-care")]
    [InlineData("retailer")]
    public async Task A_pipeline_with_its_customers_in_a_grain_delivers_what_one_with_the_local_host_delivers(string sample)
    {
        string root = Root();
        CompiledModel model = Definitions.ModelCheck.All(File.ReadAllBytes(Path.Combine(root, "samples", $"{sample}.yaml"))).Model!;
        string events = Path.Combine(root, "samples", "golden", sample, "events.jsonl");
        await using TestSilos silos = await TestSilos.StartAsync(model);
        string[] local = await RunAsync(model, events, "local", store => new LocalCustomerHost(model, store));
        string[] grain = await RunAsync(model, events, "grain", store => silos.Partition(store));
        string[] far = await RunAsync(model, events, "far", store => silos.FarPartition(store, "q"));
        Assert.True(local.Length > 100, $"{local.Length} facts");
        Assert.Equal(local, grain);
        Assert.Equal(local, far);
        HashSet<string> golden = [.. File.ReadAllLines(Path.Combine(root, "samples", "golden", sample, "facts.jsonl"))];
        Assert.All(local, line => Assert.Contains(line, golden));
    }

    private async Task<string[]> RunAsync(CompiledModel model, string events, string name, Func<IStateStore, ICustomerHost> host)
    {
        using SqliteFile file = SqliteFile.Open(Path.Combine(_folder.Path, name));
        using var store = new SqliteStateStore(file);
        using var metrics = new PipelineMetrics();
        var sink = new CollectingSink();
        await using var pipeline = new LivePipeline(new PipelineParts
        {
            Model = model, Host = host(store), Store = store, Members = new SegmentCounts(new Dictionary<string, long>(), model.Segments.Select(segment => segment.Name)),
            Sources = [new JsonlFileSource(events, 0, model.Events, TimeProvider.System)], Sinks = [sink], Options = new WorkerOptions { Clock = ClockMode.Records }, Metrics = metrics,
        });
        await pipeline.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => pipeline.HasNothingLeft, "everything applied, committed and delivered");
        await pipeline.StopAsync(TimeSpan.FromSeconds(10));
        return [.. sink.Facts.Select(fact => Encoding.UTF8.GetString(fact.Line.Span))];
    }

    private static string Customer(string line) => JsonDocument.Parse(line).RootElement.GetProperty("customer").GetString()!;

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("StreamInsight.sln is nowhere above the tests.");
    }
}
