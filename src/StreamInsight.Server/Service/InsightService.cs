using System.Net;
using Microsoft.Extensions.Logging;
using StreamInsight.Definitions;
using StreamInsight.Kafka;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Server.Audit;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Http;
using StreamInsight.Sqlite;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Service;

/// <summary>The whole service in one process: file, log, customers, sources, sinks and HTTP, composed from its options.</summary>
public sealed partial class InsightService : IRunningService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly InsightOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SqliteFile _file;
    private readonly SqliteStateStore _store;
    private readonly ICustomerHosts _hosts;
    private readonly PipelineMetrics _metrics;
    private readonly Connections _connections;
    private readonly WarmRecords? _warm;
    private readonly ConservationWatch _watch;
    private HttpServer? _http;
    private bool _isStopped;

    private InsightService(
        InsightOptions options, LoadedModel model, IReadOnlyList<Subscriber> subscribers, SqliteFile file, ICustomerHosts hosts, TimeProvider time, ILoggerFactory logs,
        Func<CompiledModel, IEnumerable<IFactSink>>? moreSinks)
    {
        _options = options;
        _time = time;
        _log = logs.CreateLogger("StreamInsight");
        _file = file;
        _hosts = hosts;
        _connections = new Connections(options, _log);
        Model = model;
        _store = new SqliteStateStore(file, decisions: options.Decisions);
        _metrics = new PipelineMetrics();
        MetricsText = new PrometheusText(_metrics.Meter, options.UsesOrleans ? InsightSilo.MeterName : null);
        _metrics.StartAtZero();
        var undelivered = new SqliteUndelivered(file, options.Worker.DeadLettersKept);
        Webhooks = new WebhookService(subscribers, options.Webhooks, undelivered, _metrics.Meter, time, _log);
        Log = new SqliteLog(file, new SqliteLogOptions { Retention = options.LogRetention, MaxBytes = (long)options.LogMegabytes << 20 }, time);
        Queries = new SqliteQueries(file, _store);
        Pipeline = new LivePipeline(new PipelineParts
        {
            Model = model.Compiled,
            Host = hosts.Create(model.Compiled, _store, $"alone-{Convert.ToHexStringLower(_store.Secret.Span[..6])}"),
            Store = _store,
            Members = new SegmentCounts(Queries.CountMembers(), model.Compiled.Segments.Select(segment => segment.Name), _store.LoadCounters()),
            Sources = [.. _connections.Sources(model.Compiled, Log, time)],
            Sinks = [.. _connections.Sinks(time), .. Webhooks.NewSinks(), .. moreSinks?.Invoke(model.Compiled) ?? []],
            DeadLetters = [.. _connections.DeadLetters()],
            Erasables = [Log, _store, undelivered, .. _connections.Erasables()],
            Options = options.Worker,
            Metrics = _metrics,
            Time = time,
            Log = _log,
        });
        _warm = KeepWarm(model.Compiled.Definition);
        _watch = new ConservationWatch(
            file, model.Compiled, _connections.Redis, () => Pipeline.Sinks.FirstOrDefault(sink => sink.Name == "redis")?.Cursor.Behind ?? 0, _metrics.Meter, time, _log);
        Decisions = new DecisionDesk(Log, Queries, time);
        Pipeline.Committed = checkpoint =>
        {
            Decisions.Committed(checkpoint);
            _warm?.Tell(checkpoint.Changes.NewLookups);
        };
    }

    public LoadedModel Model { get; }

    /// <summary>The clock that fires timers.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The embedded log; what is appended is read by the pipeline.</summary>
    public SqliteLog Log { get; }

    public SqliteQueries Queries { get; }

    /// <summary>Where decisions are asked for.</summary>
    internal DecisionDesk Decisions { get; }

    public LivePipeline Pipeline { get; }

    /// <summary>The subscribers that triggers are posted to.</summary>
    internal WebhookService Webhooks { get; }

    public PipelineMetrics Metrics => _metrics;

    /// <summary>Listens from before the first message, so that nothing goes uncounted.</summary>
    internal PrometheusText MetricsText { get; }

    /// <summary>Where HTTP listens; null = it does not.</summary>
    public Uri? Url => _http?.Url;

    /// <summary>The file of log and state.</summary>
    internal string StorePath => _file.Path;

    internal HttpServer? Http => _http;

    /// <summary>How Kafka is reached, the embedded broker's address filled in; null = there is none.</summary>
    public KafkaOptions? Kafka => _connections.Kafka;

    /// <summary>The file that facts are appended to; null = none.</summary>
    public string? FactsFile => _options.FactsFile;

    /// <summary>Ends when the pipeline has stopped; fails with what made it fail.</summary>
    public Task Completion => Pipeline.Completion;

    /// <summary>Opens, checks and starts everything. Throws one clear exception, with nothing left running, when something cannot be started.</summary>
    /// <param name="moreSinks">Further sinks, made for the model.</param>
    public static async Task<InsightService> StartAsync(
        InsightOptions options, TimeProvider time, ILoggerFactory logs, Func<CompiledModel, IEnumerable<IFactSink>>? moreSinks = null, CancellationToken cancel = default)
    {
        IPEndPoint? bind = BindAddress.Check(options.Http);
        LoadedModel model = LoadedModel.Load(new FileInfo(options.ModelPath));
        IReadOnlyList<Subscriber> subscribers = Subscribers.Read(model.Compiled.Definition, options, logs.CreateLogger("StreamInsight"));
        SqliteFile file = SqliteFile.Open(options.DataFolder);
        ICustomerHosts? hosts = null;
        InsightService service;
        try
        {
            StoredModel.Check(file, model.Compiled.Definition);
            hosts = options.UsesOrleans ? await InsightSilo.StartAsync(options.Silo, model.Compiled, null, logs, cancel) : new LocalCustomerHosts();
            service = new InsightService(options, model, subscribers, file, hosts, time, logs, moreSinks);
        }
        catch
        {
            if (hosts is not null)
                await hosts.DisposeAsync();
            file.Dispose();
            throw;
        }
        try
        {
            // HTTP last: nothing is taken in that nobody would process. Ready tells when.
            await service._connections.CheckAsync(cancel);
            WarmUp.Run(model.Compiled);
            await service.Pipeline.StartAsync(cancel);
            service._warm?.Start();
            service._watch.Start();
            if (bind is not null)
                service._http = await HttpServer.StartAsync(options.Http, bind, model.Compiled.Definition, service.MetricsText, service.Map, logs, cancel);
            service.LogListening(service.Url?.ToString() ?? "nowhere", options.Http.Keys.Count == 0 ? "no keys: this machine only" : $"{options.Http.Keys.Count} keys");
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes nothing more in, finishes what is in, delivers what can be delivered in time.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        if (_http is not null)
            await _http.StopAsync();
        await FinishLogAsync();
        if (_warm is not null)
            await _warm.DisposeAsync();
        await Pipeline.StopAsync(_options.DeliverAtShutdown);
    }

    /// <summary>What was acknowledged is worked on before the end, if it is done soon; else after the next start.</summary>
    private async Task FinishLogAsync()
    {
        long started = _time.GetTimestamp();
        while (Pipeline.IsRunning && Log.LastApplied < Log.Last && _time.GetElapsedTime(started) < Patience)
            await Task.Delay(5);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_http is not null)
            await _http.DisposeAsync();
        await _watch.DisposeAsync();
        await Pipeline.DisposeAsync();
        Webhooks.Dispose();
        await _hosts.DisposeAsync();
        await Log.DisposeAsync();
        Queries.Dispose();
        _store.Dispose();
        _connections.Dispose();
        MetricsText.Dispose();
        _metrics.Dispose();
        _file.Dispose();
    }

    private void Map(HttpParts http)
    {
        var queries = new ServiceQueries(this);
        new IngestRoutes(new LogIntake(Log), http.Keys, _options.Http.CorsOrigin, _log).Map(http.App);
        new QueryRoutes(queries, Model, http.Keys, http.Personal).Map(http.App);
        new EraseRoute(new ServiceErasures(this), http.Keys).Map(http.App);
        new DeadRoute(new LogReturn(Log), http.Keys).Map(http.App);
        new DecideRoutes(Decisions, queries, Model, http.Keys, http.Personal).Map(http.App);
        new QueueRoutes(queries, new LogIntake(Log), Model, http.Keys, _time).Map(http.App);
        new SubscriberRoutes(Webhooks, channel => Task.FromResult(channel.Behind), http.Keys).Map(http.App);
        new FactStream(new OutboxFeed(Pipeline.Outbox), http.Keys, http.Personal, _options.Http.MaxStreams, _time, http.Stopping).Map(http.App);
        new HealthRoutes(this).Map(http.App);
    }

    /// <summary>Routing records and aliases in Redis; null where there is no Redis, or nothing of the kind in the model.</summary>
    private WarmRecords? KeepWarm(ModelDefinition model)
    {
        if (_connections.Redis is not { } redis || (model.Routing is null && model.Pii.Lookup.Count == 0))
            return null;
        SinkRunner sink = Pipeline.Sinks.First(sink => sink.Name == RedisFactSink.SinkName);
        var records = new WarmRecords(redis, model.Routing?.ValidForMs ?? 0, Pipeline.LookAsync, () => sink.Cursor.Position, new WarmMetrics(_metrics.Meter), _time, _log) { Routed = Queries.ReadRouted };
        return records;
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "Listening on {Url} ({Keys}).")]
    private partial void LogListening(string url, string keys);
}
