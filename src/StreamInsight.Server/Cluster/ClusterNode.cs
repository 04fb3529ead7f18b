using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using StreamInsight.Kafka;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Http;
using StreamInsight.Server.Service;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// One of several nodes. Kafka's consumer group says which partitions it has; for each it runs a pipeline over the partition's state in Redis. Any node takes events and answers
/// questions about any customer.
/// </summary>
internal sealed partial class ClusterNode : IRunningService, IPartitionOwner
{
    /// <summary>In the time that a fenced partition is waited for.</summary>
    private const int MaxOpenedAgain = 10;

    private static readonly TimeSpan FencedFor = TimeSpan.FromMinutes(1), Again = TimeSpan.FromMilliseconds(500);

    private readonly InsightOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly LoadedModel _model;
    private readonly KafkaOptions _kafka;
    private readonly RedisNode _redis;
    private readonly RedisMembers _members;
    private readonly KafkaHandovers _handovers;
    private readonly PipelineMetrics _metrics = new();
    private readonly PrometheusText _metricsText;
    private readonly ConcurrentDictionary<int, RunningPartition> _partitions = new();
    private readonly ConcurrentDictionary<int, Queue<long>> _openedAgain = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ICustomerHosts _hosts = new LocalCustomerHosts();
    private KafkaGroup? _group;
    private KafkaEventLog? _events;
    private ClusterParts? _parts;
    private WebhookService? _webhooks;
    private NodeConservation? _conservation;
    private HttpServer? _http;
    private bool _isStopped;

    private ClusterNode(InsightOptions options, LoadedModel model, TimeProvider time, ILogger log)
    {
        _options = options;
        _model = model;
        _time = time;
        _log = log;
        _kafka = options.Kafka!.Options with { Group = options.Cluster!.Name, Warn = line => LogKafka(line) };
        RedisOptions redis = options.Redis! with { LookupHashKey = options.LookupHashKey ?? options.Redis.LookupHashKey };
        _redis = new RedisNode(redis);
        _members = new RedisMembers(redis);
        _handovers = new KafkaHandovers(_kafka);
        _metricsText = new PrometheusText(_metrics.Meter, options.UsesOrleans ? InsightSilo.MeterName : null);
        _metrics.StartAtZero();
        _metrics.Meter.CreateObservableGauge("streaminsight_partitions", () => _partitions.Count, null, "Partitions of customers that this node runs.");
        _metrics.Meter.CreateObservableGauge(
            "streaminsight_partition_owned", () => _partitions.Keys.Select(partition => new Measurement<int>(1, new KeyValuePair<string, object?>("partition", partition))), null,
            "1 for each partition that this node runs; summed over nodes, each partition has 1.");
    }

    public Task Completion => _completion.Task;

    /// <summary>Where HTTP listens; null = it does not.</summary>
    public Uri? Url => _http?.Url;

    /// <summary>Partitions that run here now.</summary>
    public IReadOnlyCollection<int> Partitions => [.. _partitions.Keys];

    /// <summary>Checks everything a node needs, then joins the group. Throws one clear exception, with nothing left running, when something is not as it must be.</summary>
    public static async Task<ClusterNode> StartAsync(InsightOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancel)
    {
        Check(options);
        IPEndPoint? bind = BindAddress.Check(options.Http);
        LoadedModel model = LoadedModel.Load(new FileInfo(options.ModelPath));
        IReadOnlyList<Subscriber> subscribers = Subscribers.Read(model.Compiled.Definition, options, logs.CreateLogger("StreamInsight"));
        var node = new ClusterNode(options, model, time, logs.CreateLogger("StreamInsight"));
        try
        {
            await node.JoinAsync(bind, subscribers, logs, cancel);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    async Task IPartitionOwner.TakeAsync(int partition, IReadOnlyList<IEventSource> sources, CancellationToken cancel)
    {
        if (_partitions.TryRemove(partition, out RunningPartition? former))
            await former.DisposeAsync();
        while (true)
        {
            try
            {
                RunningPartition running = await _parts!.StartAsync(partition, sources, cancel);
                _partitions[partition] = running;
                _ = WatchAsync(running);
                return;
            }
            catch (DependencyUnavailableException error) when (error.MayPass)
            {
                LogWaits(partition, error.Message);
                await Task.Delay(Again, _time, cancel);
            }
        }
    }

    Task IPartitionOwner.ReleaseAsync(int partition) => EndAsync(partition, _isStopped ? _options.DeliverAtShutdown : TimeSpan.FromSeconds(1));

    Task IPartitionOwner.LoseAsync(int partition) => EndAsync(partition, TimeSpan.Zero);

    /// <summary>Releases every partition, so that others have them at once, and leaves.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        if (_http is not null)
            await _http.StopAsync();
        if (_group is not null)
            await _group.DisposeAsync();
        foreach (int partition in _partitions.Keys)
            await EndAsync(partition, TimeSpan.Zero);
        LogStopped();
        _completion.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_http is not null)
            await _http.DisposeAsync();
        if (_conservation is not null)
            await _conservation.DisposeAsync();
        if (_events is not null)
            await _events.DisposeAsync();
        _webhooks?.Dispose();
        await _hosts.DisposeAsync();
        await _handovers.DisposeAsync();
        _members.Dispose();
        _redis.Dispose();
        _metricsText.Dispose();
        _metrics.Dispose();
    }

    private static void Check(InsightOptions options)
    {
        var faults = new List<string>();
        if (options.Kafka is null || options.Kafka.Embedded)
            faults.Add("A cluster shares its work by Kafka: give --kafka host:port, the same on every node. The embedded broker is one process's own.");
        if (options.Redis is null)
            faults.Add("A cluster keeps its state in Redis: give --redis host:port, the same on every node.");
        if (options.File is not null)
            faults.Add("A file of events is read by one process, not by a cluster: send it to Kafka, or by HTTP to any node.");
        if (options.Worker.Clock == ClockMode.Records)
            faults.Add("A cluster's timers follow the wall clock (--clock wall): its partitions have no other clock in common.");
        if (options is { UsesOrleans: true, Silo.Grain: GrainKind.Customer })
            faults.Add("Grains of one customer each are for one process and one partition: in a cluster, say orleans: { grain: partition }.");
        if (options.FactsFile is not null)
            faults.Add("A cluster writes no file of facts: name Kafka's topic for them (kafka: facts).");
        if (faults.Count > 0)
            throw new WrongInputException(faults);
    }

    private async Task JoinAsync(IPEndPoint? bind, IReadOnlyList<Subscriber> subscribers, ILoggerFactory logs, CancellationToken cancel)
    {
        int partitions = await KafkaTopics.PrepareAsync(_kafka, cancel);
        foreach (string warning in await Task.Run(_redis.Check, cancel))
            LogRedis(warning);
        var homes = new HomePartitions(partitions);
        _metrics.Meter.CreateObservableGauge("streaminsight_cluster_partitions", () => partitions, null, "Partitions of the cluster; each has to be some node's.");
        var identity = new RedisStoreIdentity
        {
            Group = _kafka.Group, Partitions = partitions, Model = _model.Compiled.Definition.Id, ModelLayout = StoredModel.LayoutOf(_model.Compiled.Definition),
        };
        // Whether the state is ours is found out before the group hears of this node.
        await CheckStateAsync(identity, cancel);
        if (_options.UsesOrleans)
            _hosts = await StartSiloAsync(logs, cancel);
        _events = new KafkaEventLog(_kafka, homes, _time);
        var undelivered = new RedisUndelivered(_redis, _options.Worker.DeadLettersKept);
        _webhooks = new WebhookService(subscribers, _options.Webhooks?.OfOnePartition(partitions), undelivered, _metrics.Meter, _time, _log);
        _parts = new ClusterParts(_options, _model, _kafka, _redis.Options, _redis, homes, identity, _handovers, _hosts, _webhooks, undelivered, _metrics, _time, _log);
        var stores = new ClusterStores(_redis, _model.Compiled, homes);
        _conservation = new NodeConservation(stores, new RedisReconciler(_redis.Options), _model.Compiled, () => Partitions, _metrics.Meter, _time);
        WarmUp.Run(_model.Compiled);
        _group = new KafkaGroup(_kafka, this, _time);
        _group.Start();
        _conservation.Start();
        _ = _group.Completion.ContinueWith(
            failed => _completion.TrySetException(failed.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        if (bind is not null)
            _http = await HttpServer.StartAsync(_options.Http, bind, _model.Compiled.Definition, _metricsText, http => Map(http, stores), logs, cancel);
        LogJoined(Url?.ToString() ?? "nowhere", _kafka.Group, partitions, _model.Compiled.Id);
    }

    /// <summary>Silos of all nodes find each other in the Redis that has their state, unless another is named.</summary>
    private Task<ICustomerHosts> StartSiloAsync(ILoggerFactory logs, CancellationToken cancel)
    {
        SiloOptions silo = _options.Silo with { Redis = _options.Silo.Redis ?? _redis.Options.Address, RedisPassword = _options.Silo.RedisPassword ?? _redis.Options.Password };
        return InsightSilo.StartAsync(silo, _model.Compiled, name => RedisStateStore.OpenRead(_redis, int.Parse(name, CultureInfo.InvariantCulture)), logs, cancel);
    }

    private async Task CheckStateAsync(RedisStoreIdentity identity, CancellationToken cancel)
    {
        try
        {
            await Task.Run(() => RedisStoreIdentityCheck.Run(_redis, identity), cancel);
        }
        catch (StoreMismatchException error)
        {
            throw new WrongInputException(error.Message);
        }
    }

    private void Map(HttpParts http, ClusterStores stores)
    {
        var queries = new ClusterQueries(stores, _members, new RedisQueues(_redis), _model.Compiled, _time);
        var intake = new KafkaIntake(_events!);
        new IngestRoutes(intake, http.Keys, _options.Http.CorsOrigin, _log).Map(http.App);
        new QueryRoutes(queries, _model, http.Keys, http.Personal).Map(http.App);
        new DecideRoutes(new ClusterDesk(_events!, stores, _time), queries, _model, http.Keys, http.Personal).Map(http.App);
        new EraseRoute(new ClusterErasures(stores, _handovers, _kafka, _options.Worker.ForgetTombstoneAfter, _time), http.Keys).Map(http.App);
        new DeadRoute(new KafkaReturn(stores, new RedisRequeued(_redis), _events!, _time), http.Keys).Map(http.App);
        new QueueRoutes(queries, intake, _model, http.Keys, _time).Map(http.App);
        new SubscriberRoutes(_webhooks!, channel => queries.BehindAsync("webhook:" + channel.Subscriber), http.Keys).Map(http.App);
        new FactStream(new ClusterFeed(stores, _time), http.Keys, http.Personal, _options.Http.MaxStreams, _time, http.Stopping).Map(http.App);
        new NodeHealthRoutes(this, _model.Compiled.Id).Map(http.App);
    }

    private async Task EndAsync(int partition, TimeSpan deliverWithin)
    {
        if (!_partitions.TryRemove(partition, out RunningPartition? running))
            return;
        await running.StopAsync(deliverWithin);
        await running.DisposeAsync();
    }

    /// <summary>
    /// A partition that another node has taken stops here, and the group will say so too. One whose state or silo failed is opened again, from what is committed; too often, and the node
    /// ends. Any other failure ends it at once: better none than wrong.
    /// </summary>
    private async Task WatchAsync(RunningPartition running)
    {
        try
        {
            await running.Pipeline.Completion;
        }
        catch (FencedException error)
        {
            LogFenced(running.Partition, error.Message);
            await Task.Delay(FencedFor, _time);
            if (_partitions.TryGetValue(running.Partition, out RunningPartition? still) && still == running)
                _completion.TrySetException(new DependencyUnavailableException($"Partition {running.Partition} was taken by another node, and Kafka's group still gives it to this one. Is there a node with another group on the same Redis? {error.Message}"));
        }
        catch (DependencyUnavailableException error) when (MayOpenAgain(running.Partition))
        {
            LogOpensAgain(running.Partition, error.Message);
            await Task.Delay(Again, _time);
            _group!.TakeAgain(running.Partition);
        }
        catch (Exception error)
        {
            _completion.TrySetException(error);
        }
    }

    private bool MayOpenAgain(int partition)
    {
        long now = _time.GetTimestamp();
        Queue<long> opened = _openedAgain.GetOrAdd(partition, _ => new Queue<long>());
        lock (opened)
        {
            while (opened.TryPeek(out long first) && _time.GetElapsedTime(first, now) > FencedFor)
                opened.Dequeue();
            opened.Enqueue(now);
            return !_isStopped && opened.Count <= MaxOpenedAgain;
        }
    }

    /// <summary>Why this node does not work on all it was given; null = it does.</summary>
    internal string? Problem => _partitions.Values.Select(partition => partition.Problem).FirstOrDefault(problem => problem is not null);

    /// <summary>Partitions that the group has given this node, and those that run.</summary>
    internal (int Given, int Running) Share => (_group?.Partitions.Count ?? 0, _partitions.Count);

    internal long Customers => _partitions.Values.Sum(partition => partition.Pipeline.CustomerCount);

    [LoggerMessage(EventId = 70, Level = LogLevel.Information, Message = "Listening on {Url}: a node of the cluster {Cluster} of {Partitions} partitions, running {Model}.")]
    private partial void LogJoined(string url, string cluster, int partitions, string model);

    [LoggerMessage(EventId = 71, Level = LogLevel.Warning, Message = "Kafka: {Line}")]
    private partial void LogKafka(string line);

    [LoggerMessage(EventId = 72, Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogRedis(string warning);

    [LoggerMessage(EventId = 73, Level = LogLevel.Warning, Message = "Partition {Partition} waits for its state: {Reason}")]
    private partial void LogWaits(int partition, string reason);

    [LoggerMessage(EventId = 74, Level = LogLevel.Warning, Message = "Partition {Partition} is another node's now: {Reason}")]
    private partial void LogFenced(int partition, string reason);

    [LoggerMessage(EventId = 76, Level = LogLevel.Warning, Message = "Partition {Partition} is opened again, from what is committed: {Reason}")]
    private partial void LogOpensAgain(int partition, string reason);

    [LoggerMessage(EventId = 75, Level = LogLevel.Information, Message = "The node has given its partitions back and left.")]
    private partial void LogStopped();
}
