using System.Text;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Pipeline.Tests.Stores;

namespace StreamInsight.Pipeline.Tests.Partitions;

/// <summary>Two whole pipelines, each the other's other partition.</summary>
internal sealed class TwoPartitions : IHandoverSink
{
    private readonly HomePartitions _homes = new(2);
    private readonly PipelineMetrics[] _metrics = [new(), new()];

    public TwoPartitions(WorkerOptions? options = null)
    {
        for (int partition = 0; partition < 2; partition++)
        {
            var store = new MemoryStateStore(new MemoryStateStore.Disk());
            Stores.Add(store);
            Pipelines.Add(new LivePipeline(new PipelineParts
            {
                Model = Shop.Compile(),
                Host = new LocalCustomerHost(Shop.Compile(), store, new PartitionPlace(partition, _homes)),
                Store = store,
                Members = new SegmentCounts(new Dictionary<string, long>(), ["big"]),
                Sources = [Sources[partition], Roads[partition]],
                Handovers = this,
                Options = options ?? new WorkerOptions(),
                Metrics = _metrics[partition],
                Time = new TimeSince(Shop.Noon),
            }));
        }
    }

    public ScriptedSource[] Sources { get; } = [new("events/0"), new("events/1")];

    public Road[] Roads { get; } = [new(0), new(1)];

    public List<MemoryStateStore> Stores { get; } = [];

    public List<LivePipeline> Pipelines { get; } = [];

    public string Name => "handover";

    public string Living(int partition, int number = 0) => Enumerable.Range(0, 1000).Select(i => $"c{i}").Where(id => _homes.Of(Encoding.UTF8.GetBytes(id)) == partition).ElementAt(number);

    public async Task StartAsync()
    {
        foreach (LivePipeline pipeline in Pipelines)
            await pipeline.StartAsync(CancellationToken.None);
        foreach (ScriptedSource source in Sources)
            source.Beat();   // handovers wait until the own source tells that it is caught up
    }

    public Task DeliverAsync(IReadOnlyList<Handover> messages, CancellationToken cancel)
    {
        foreach (Handover message in messages)
            Roads[message.To].Put(message.Body);
        return Task.CompletedTask;
    }

    public async Task<string?> ProfileAsync(int partition, string id) =>
        await Pipelines[partition].AskAsync(host => host.ProfileAsync(id)) is { } profile ? Encoding.UTF8.GetString(profile) : null;

    public async ValueTask DisposeAsync()
    {
        foreach (LivePipeline pipeline in Pipelines)
        {
            await pipeline.StopAsync(TimeSpan.FromSeconds(1));
            await pipeline.DisposeAsync();
        }
        foreach (PipelineMetrics metrics in _metrics)
            metrics.Dispose();
    }
}
