using System.Globalization;
using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Cluster;

/// <summary>Makes what one partition consists of, from what its node has.</summary>
internal sealed class ClusterParts(
    InsightOptions options, LoadedModel model, KafkaOptions kafka, RedisOptions redis, RedisNode node, HomePartitions homes, RedisStoreIdentity identity, KafkaHandovers handovers,
    ICustomerHosts hosts, WebhookService webhooks, IErasable undelivered, PipelineMetrics metrics, TimeProvider time, ILogger log)
{
    private readonly WarmMetrics _warm = new(metrics.Meter);

    /// <summary>Claims the partition's state and starts its pipeline. Throws what the store or a source throws; nothing is left running then.</summary>
    public async Task<RunningPartition> StartAsync(int partition, IReadOnlyList<IEventSource> sources, CancellationToken cancel)
    {
        RedisStateStore store = await Task.Run(() => RedisStateStore.Claim(node, partition, identity, options.Decisions, stop: cancel), cancel);
        RunningPartition running;
        LivePipeline pipeline;
        WarmRecords? warm = null;
        RedisOptions ours = redis with { Partition = partition };
        IFactSink[] sinks = [new RedisFactSink(ours, time), .. options.Kafka!.SendFacts ? [new KafkaFactSink(kafka)] : Array.Empty<IFactSink>(), .. webhooks.NewSinks()];
        try
        {
            var eraser = new RedisEraser(ours);
            CompiledModel compiled = model.Compiled;
            pipeline = await Task.Run(() => new LivePipeline(new PipelineParts
            {
                Model = compiled,
                Host = hosts.Create(compiled, store, NameOf(partition), new PartitionPlace(partition, homes), store.Generation),
                Store = store,
                Members = Members(store, compiled),
                Sources = sources,
                Sinks = sinks,
                DeadLetters = [new KafkaDeadLetters(kafka)],
                Handovers = handovers,
                Erasables = [eraser, undelivered],
                Options = options.Worker,
                Metrics = metrics,
                Time = time,
                Log = log,
            }), cancel);
            if (compiled.Definition.Routing is not null || compiled.Definition.Pii.Lookup.Count > 0)
            {
                SinkRunner runner = pipeline.Sinks.First(one => one.Name == RedisFactSink.SinkName);
                warm = new WarmRecords(ours, compiled.Definition.Routing?.ValidForMs ?? 0, pipeline.LookAsync, () => runner.Cursor.Position, _warm, time, log);
                WarmRecords told = warm;
                pipeline.Committed = checkpoint => told.Tell(checkpoint.Changes.NewLookups);
            }
            running = new RunningPartition(partition, store, pipeline, warm, eraser, () => hosts.ReleaseAsync(NameOf(partition)));
        }
        catch
        {
            foreach (IFactSink sink in sinks)
                await sink.DisposeAsync();
            store.Dispose();
            throw;
        }
        try
        {
            await pipeline.StartAsync(cancel);
            warm?.Start();
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>As hosts know a partition; the same on every node.</summary>
    public static string NameOf(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    private static SegmentCounts Members(IStateStore store, CompiledModel model)
    {
        IReadOnlyDictionary<string, long> counters = store.LoadCounters();
        return new SegmentCounts(
            model.Segments.ToDictionary(segment => segment.Name, segment =>
                counters.GetValueOrDefault(SegmentCounts.Entered + segment.Name) - counters.GetValueOrDefault(SegmentCounts.Left + segment.Name)),
            model.Segments.Select(segment => segment.Name), counters);
    }
}
