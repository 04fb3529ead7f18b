using StreamInsight.Kafka;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Sqlite;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Configuration;

/// <summary>Everything the service can be told. Made from flags, environment and <c>insight.yaml</c>, in that order of precedence.</summary>
public sealed record InsightOptions
{
    /// <summary>The insight model.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Folder of the log and the state; <c>./data</c> by default.</summary>
    public string DataFolder { get; init; } = "data";

    public HttpOptions Http { get; init; } = new();

    /// <summary>Null = no Redis.</summary>
    public RedisOptions? Redis { get; init; }

    /// <summary>Key of the HMAC-SHA256 that stands for phone numbers and addresses in keys of Redis; null = they stand there themselves.</summary>
    public string? LookupHashKey { get; init; }

    /// <summary>Null = no Kafka.</summary>
    public KafkaUse? Kafka { get; init; }

    /// <summary>One of several nodes; null = this process is all there is.</summary>
    public ClusterUse? Cluster { get; init; }

    /// <summary>How triggers are posted to the model's subscribers; null = they are not.</summary>
    public WebhookOptions? Webhooks { get; init; } = new();

    /// <summary>Where secrets are read that the model or the configuration name: the environment by default.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>A file of events to read; null = none.</summary>
    public EventFile? File { get; init; }

    /// <summary>A file that facts are appended to; <c>-</c> = standard output; null = none.</summary>
    public string? FactsFile { get; init; }

    /// <summary>Customers live in grains of a silo in this process; by default they live in the worker itself.</summary>
    public bool UsesOrleans { get; init; }

    /// <summary>That silo.</summary>
    public SiloOptions Silo { get; init; } = new();

    public WorkerOptions Worker { get; init; } = new();

    /// <summary>How long the log keeps what is applied. 7 days by default.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How much the log keeps, MiB. 4,096 by default.</summary>
    public int LogMegabytes { get; init; } = 4096;

    /// <summary>How many decisions are kept, and how long. 7 days and 1,000,000 by default.</summary>
    public DecisionRetention Decisions { get; init; } = DecisionRetention.Usual;

    /// <summary>At shutdown, how long facts are still delivered. 10 s by default.</summary>
    public TimeSpan DeliverAtShutdown { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The HTTP side.</summary>
    public sealed record HttpOptions
    {
        /// <summary>Address and port; <c>127.0.0.1:8080</c> by default. Port 0 = any free one. Null = no HTTP.</summary>
        public string? Bind { get; init; } = "127.0.0.1:8080";

        /// <summary>Empty = no keys: everybody on this machine may do everything, and nobody else anything.</summary>
        public IReadOnlyList<ApiKey> Keys { get; init; } = [];

        /// <summary>Null = not encrypted.</summary>
        public TlsFiles? Tls { get; init; }

        /// <summary>Requests a second of each key; 0 = no limit.</summary>
        public int Rate { get; init; }

        /// <summary>Requests of a key that may come at once; 0 = twice the rate.</summary>
        public int Burst { get; init; }

        /// <summary>Connections at a time. 1,000 by default.</summary>
        public int MaxConnections { get; init; } = 1000;

        /// <summary>Streams of facts at a time. 100 by default.</summary>
        public int MaxStreams { get; init; } = 100;

        /// <summary>How long a request may take, its body included. 30 s by default.</summary>
        public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

        /// <summary>Origins that browsers may send events from; <c>*</c> by default.</summary>
        public string CorsOrigin { get; init; } = "*";
    }

    /// <summary>What Kafka is used for.</summary>
    public sealed record KafkaUse
    {
        public required KafkaOptions Options { get; init; }

        /// <summary>A broker in this process instead of a real one: nothing it holds survives.</summary>
        public bool Embedded { get; init; }

        /// <summary>Facts go to <see cref="KafkaOptions.FactsTopic"/>.</summary>
        public bool SendFacts { get; init; }
    }

    /// <summary>Several nodes share the work: partitions by Kafka's consumer group, state in Redis.</summary>
    public sealed record ClusterUse
    {
        /// <summary>Of the installation, the same on every node: the consumer group.</summary>
        public required string Name { get; init; }
    }

    public sealed record EventFile
    {
        public required string Path { get; init; }

        /// <summary>1 = as fast as it happened; 0 = as fast as possible.</summary>
        public double Speed { get; init; }
    }
}
