using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Redis;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Service;

/// <summary>Makes the sources and sinks that the options name. Nothing connects yet, but the embedded broker, which runs from here on.</summary>
internal sealed partial class Connections : IDisposable
{
    private static readonly TimeSpan EmbeddedFetchWait = TimeSpan.FromMilliseconds(5);

    private readonly InsightOptions _options;
    private readonly EmbeddedBroker? _broker;
    private readonly KafkaOptions? _kafka;
    private RedisFactSink? _redis;
    private RedisEraser? _eraser;

    public Connections(InsightOptions options, ILogger log)
    {
        _options = options;
        if (options.Kafka is not { } kafka)
            return;
        _broker = kafka.Embedded ? EmbeddedBroker.Start() : null;
        if (_broker is not null)
            LogBroker(log, _broker.Servers, kafka.Options.EventsTopic);
        _kafka = kafka.Options with { Warn = line => LogKafka(log, line) };
        if (_broker is not null)
            _kafka = _kafka with { Servers = _broker.Servers, FetchWait = EmbeddedFetchWait };
    }

    /// <summary>How to reach Kafka, the embedded one's address filled in; null = there is none.</summary>
    public KafkaOptions? Kafka => _kafka;

    /// <summary>How to reach Redis, with what its keys are made of; null = there is none.</summary>
    public RedisOptions? Redis => _options.Redis is { } redis ? redis with { LookupHashKey = _options.LookupHashKey ?? redis.LookupHashKey } : null;

    public IEnumerable<IEventSource> Sources(CompiledModel model, SqliteLog log, TimeProvider time)
    {
        yield return log.OpenSource();
        if (_kafka is not null)
            yield return new KafkaEventSource(_kafka, time);
        if (_options.File is { } file)
            yield return new JsonlFileSource(file.Path, file.Speed, model.Events, time);
    }

    public IEnumerable<IFactSink> Sinks(TimeProvider time)
    {
        if (Redis is { } redis)
            yield return _redis = new RedisFactSink(redis, time);
        if (_kafka is not null && _options.Kafka!.SendFacts)
            yield return new KafkaFactSink(_kafka);
        if (_options.FactsFile is { } facts)
            yield return facts == "-" ? new JsonlFactSink("stdout", Console.OpenStandardOutput()) : JsonlFactSink.ToFile(facts);
    }

    /// <summary>Where customers are erased, beside the state.</summary>
    public IEnumerable<IErasable> Erasables()
    {
        if (_options.Redis is { } redis)
            yield return _eraser = new RedisEraser(redis);
    }

    public IEnumerable<IDeadLetters> DeadLetters()
    {
        if (_kafka is not null)
            yield return new KafkaDeadLetters(_kafka);
    }

    /// <summary>Fails when a sink cannot be reached now. Later it may come and go: its facts wait.</summary>
    public Task CheckAsync(CancellationToken cancel) => _redis?.CheckAsync(cancel) ?? Task.CompletedTask;

    public void Dispose()
    {
        _eraser?.Dispose();
        _broker?.Dispose();
    }

    [LoggerMessage(EventId = 32, Level = LogLevel.Information, Message = "Embedded Kafka broker at {Servers}: for trials, it keeps nothing. Send to it: kcat -P -b {Servers} -t {Topic}")]
    private static partial void LogBroker(ILogger log, string servers, string topic);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "Kafka: {Line}")]
    private static partial void LogKafka(ILogger log, string line);
}
