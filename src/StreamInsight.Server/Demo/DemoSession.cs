using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Demo;

/// <summary>The service as it is, on the demo's date, with the simulation in front of it and a counter behind it.</summary>
internal sealed class DemoSession : IAsyncDisposable
{
    private const int FirstPort = 8080;

    private readonly DemoOptions _options;
    private readonly DemoFolder _folder;
    private readonly DemoLog _log;
    private readonly InsightService _service;
    private readonly SimulatedTimeProvider _date;
    private readonly LatencyProbe _latency;
    private readonly DemoTally _tally;
    private readonly DemoMeter _meter;
    private readonly DemoRates _rates = new();
    private readonly IDemoInlet _inlet;
    private readonly DemoFeed _feed;
    private readonly SimulationOptions _town;
    private readonly IReadOnlyDictionary<string, long> _before;
    private readonly long _pastEndMs;
    private readonly string? _redis;

    private DemoSession(
        DemoOptions options, DemoFolder folder, DemoLog log, InsightService service, SimulatedTimeProvider date, SimulationOptions town, long pastEndMs,
        LatencyProbe latency, DemoTally tally, string? redis, string redisPlace)
    {
        (_options, _folder, _log, _service, _date, _town, _pastEndMs, _latency, _tally) = (options, folder, log, service, date, town, pastEndMs, latency, tally);
        _redis = redis;
        _meter = new DemoMeter(service.Metrics);
        _before = service.Queries.CountMembers();
        _inlet = service.Kafka is { } kafka ? new KafkaInlet(kafka) : new LogInlet(service.Log);
        _feed = new DemoFeed(new Simulation(town), date, _inlet, _latency, options.Pace, new DemoFeed.Service(() => _meter.Events, log.Warn));
        if (folder.Progress is { } progress)
            _feed.Skip(progress.Sent + (service.Kafka is null ? service.Log.Last - progress.LogEnd : 0));
        Places =
        [
            service.Url is { } url ? $"Console and API: {url}" : "Console and API: none",
            redisPlace,
            service.Kafka is { } used ? $"Kafka: {(options.Kafka == "embedded" ? "embedded, " : "")}{used.Servers}" : "Kafka: not used",
        ];
    }

    public IReadOnlyList<string> Places { get; }

    public CompiledModel Model => _service.Model.Compiled;

    /// <summary>Ends when the service fails.</summary>
    public Task Completion => _service.Completion;

    /// <summary>Starts everything; nothing has been handed in yet. Throws one clear exception when something that was asked for cannot be used.</summary>
    public static async Task<DemoSession> StartAsync(DemoOptions options, DemoFolder folder, DemoLog log, long nowMs, CancellationToken cancel)
    {
        if (folder.Progress is not null && options.Kafka == "embedded")
            throw new WrongInputException("--data and --kafka embedded: the embedded Kafka forgets its topic at the end, so a demo cannot go on with it. Leave one of them out.");
        var town = options.Simulation with { StartMs = nowMs - options.HistoryMs };
        if (folder.Progress is { } progress)
            town = town with { Seed = progress.Seed, Customers = progress.Customers, StartMs = progress.StartMs };
        var date = new SimulatedTimeProvider(folder.Progress?.DateMs ?? town.StartMs);
        var latency = new LatencyProbe();
        var tally = new DemoTally(latency);
        var (redis, place) = await DemoRedis.OpenAsync(options, goesOn: folder.Progress is not null, cancel);
        var service = await InsightService.StartAsync(ServiceOptions(options, folder, redis), date, log.Factory, _ => [tally], cancel);
        return new DemoSession(options, folder, log, service, date, town, nowMs, latency, tally, redis?.Address, place);
    }

    /// <summary>The past, then the days at their pace, until cancelled or over.</summary>
    public async Task FeedAsync(CancellationToken cancel)
    {
        await _feed.ReadPastAsync(_pastEndMs, cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (_options.Duration is { } duration)
            over.CancelAfter(duration);
        await _feed.RunAsync(over.Token);
    }

    /// <summary>How things stand now.</summary>
    public DemoFigures Read()
    {
        _folder.Save(new DemoProgress(_town.Seed, _town.Customers, _town.StartMs, _feed.Sent, _service.Log.Last, _date.NowMs));
        _rates.Add(_meter.Events, _date.NowMs);
        var members = _service.Queries.CountMembers();
        var stages = _service.Queries.CountByStage();
        var figures = _tally.AddTo(new DemoFigures
        {
            NowMs = _date.NowMs,
            PastRead = Math.Min(1, (double)(_date.NowMs - _town.StartMs) / Math.Max(_pastEndMs - _town.StartMs, 1)),
            Speed = _rates.Speed,
            Events = _meter.Events,
            EventsPerSecond = _rates.EventsPerSecond,
            Customers = _service.Pipeline.CustomerCount,
            Stages = [.. (Model.Definition.Journey?.Stages ?? []).Select(stage => new StageFigures(stage, stages.GetValueOrDefault(stage)))],
            Segments = [.. Model.Segments.Select(segment => Figures(segment.Name, members))],
            Refused = _meter.Refused(),
            Places = Places,
            Warning = _log.Warning,
        });
        return figures with { Try = DemoHints.For(figures, _service.Url, _redis) };
    }

    /// <summary>Takes in nothing more and finishes what is in.</summary>
    public Task StopAsync() => _service.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _inlet.Dispose();
        _meter.Dispose();
        await _service.DisposeAsync();
    }

    private SegmentFigures Figures(string segment, IReadOnlyDictionary<string, long> members)
    {
        var (entered, left, leftByTime) = _tally.Of(segment);
        return new SegmentFigures(segment, members.GetValueOrDefault(segment), entered, left, leftByTime, _before.GetValueOrDefault(segment));
    }

    private static InsightOptions ServiceOptions(DemoOptions options, DemoFolder folder, RedisOptions? redis)
    {
        var standard = new WorkerOptions();
        // These two are measured on the service's clock, which is the demo's date.
        var pace = options.Pace.EventsPerSecond is null ? options.Pace.Speed : new DemoPace().Speed;
        return new InsightOptions
        {
            ModelPath = options.Model?.FullName ?? Path.Combine(AppContext.BaseDirectory, "samples", "telco-care.yaml"),
            DataFolder = folder.Place.FullName,
            Http = new InsightOptions.HttpOptions { Bind = options.Http == "none" ? null : options.Http ?? $"127.0.0.1:{FreePort()}" },
            Kafka = options.Kafka is { } kafka
                ? new InsightOptions.KafkaUse { Options = new KafkaOptions { Servers = kafka }, Embedded = kafka == "embedded" }
                : null,
            Redis = redis,
            Webhooks = null,
            Worker = standard with { TimerGrace = standard.TimerGrace * pace, CheckpointInterval = standard.CheckpointInterval * pace },
        };
    }

    /// <summary>8080, or the next port nobody listens on.</summary>
    private static string FreePort()
    {
        for (var port = FirstPort; port < FirstPort + 100; port++)
        {
            try
            {
                using var socket = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
                socket.Start();
                return port.ToString(CultureInfo.InvariantCulture);
            }
            catch (SocketException)
            {
                // taken
            }
        }
        return "0";
    }
}
