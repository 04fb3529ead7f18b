using StreamInsight.Definitions.Shapes;

namespace StreamInsight.Server.Configuration;

/// <summary>The keys of <c>insight.yaml</c>: what may stand where, and one sentence for people.</summary>
internal static class ConfigShape
{
    private static readonly Shape Path = new TextShape("a path", ".+", 4096);
    private static readonly Shape Topic = new TextShape("a topic's name", "^[A-Za-z0-9._-]{1,249}$", 249);
    private static readonly Shape Word = new TextShape("a text", ".*", 4096);
    private static readonly Shape Variable = new TextShape("the name of an environment variable", "^[A-Za-z_][A-Za-z0-9_]*$", 256);
    private static readonly Shape Truth = new WordShape("yes or no", "true", "false");
    private static readonly Shape Span = new DurationShape(mayBeZero: true);
    private static readonly Shape LongSpan = new DurationShape(mayBeZero: false);

    public static readonly MapShape KeyEntry = new("a key",
        new Key("role", new WordShape("a role", "write", "read", "admin"), "What it may be used for.") { IsRequired = true },
        new Key("hash", new TextShape("what streaminsight keys new prints: sha256:SALT:HASH", "^sha256:([0-9a-fA-F]{2})+:[0-9a-fA-F]{64}$", 256), "Of the key, with its salt."),
        new Key("sha256", new TextShape("the SHA-256 of the key in hex (printf %s KEY | sha256sum)", "^[0-9a-fA-F]{64}$", 64), "In place of hash: of a key of your own, without salt."),
        new Key("rate", new WholeNumberShape(0, 1_000_000), "Requests a second of this key; 0 = no limit. Without: http.rate."));

    public static readonly MapShape Tls = new("TLS",
        new Key("certificate", Path, "PEM file: the certificate, then those between it and the authority."),
        new Key("key", Path, "PEM file of its private key."),
        new Key("pfx", Path, "In place of both: one PKCS#12 file."),
        new Key("password_env", Variable, "Environment variable that holds the password of key or pfx."));

    public static readonly MapShape Http = new("HTTP",
        new Key("tls", Tls, "Encrypt; without it, what stands in front of the service does."),
        new Key("rate", new WholeNumberShape(0, 1_000_000), "Requests a second of each key; 0 = no limit.") { Default = "0" },
        new Key("burst", new WholeNumberShape(0, 10_000_000), "Requests of a key that may come at once; 0 = twice the rate.") { Default = "0" },
        new Key("max_connections", new WholeNumberShape(1, 1_000_000), "Connections at a time; more are closed.") { Default = "1000" },
        new Key("max_streams", new WholeNumberShape(0, 100_000), "Streams of facts at a time; more get 503.") { Default = "100" },
        new Key("request_timeout", LongSpan, "How long a request may take, its body included.") { Default = "30s" },
        new Key("bind", new TextShape("an address and a port, such as 127.0.0.1:8080, or none", "^(none|.*:[0-9]{1,5})$", 256), "Where it listens.") { Default = "127.0.0.1:8080" },
        new Key("cors_origin", Word, "Origin that browsers may send events from.") { Default = "*" },
        new Key("keys", new ListShape("keys", KeyEntry, 1, 1000), "Without keys it listens on this machine only."));

    public static readonly MapShape Redis = new("Redis",
        new Key("address", Word, "host:port, or a URL such as redis://user:password@host:port/0 (rediss:// for TLS).") { IsRequired = true },
        new Key("prefix", Word, "Before every key.") { Default = "si:" },
        new Key("user_env", Variable, "Environment variable that holds the user's name."),
        new Key("password_env", Variable, "Environment variable that holds the password."),
        new Key("tls", Truth, "Encrypt the connection.") { Default = "false" },
        new Key("ca_file", Path, "PEM file of the authorities that vouch for Redis; without it the system's."));

    public static readonly MapShape Pii = new("personal data",
        new Key("hash_key", Word, "Key of the HMAC-SHA256 that stands for phone numbers and e-mail addresses in keys of Redis. Better: hash_key_env."),
        new Key("hash_key_env", Variable, "Environment variable that holds that key; at least 16 characters."));

    public static readonly MapShape Kafka = new("Kafka",
        new Key("servers", Word, "host:port, several with commas; or embedded, a broker in this process for trials.") { IsRequired = true },
        new Key("group", Word, "Consumer group.") { Default = "streaminsight" },
        new Key("instance_id", Word, "Static membership: a name of this process that survives its restart."),
        new Key("events", Topic, "Topic of events.") { Default = "insight.events" },
        new Key("dead", Topic, "Topic of dead letters.") { Default = "insight.dead" },
        new Key("facts", Topic, "Topic of facts; without it facts do not go to Kafka."),
        new Key("security", new WordShape("a protocol", "plaintext", "ssl", "sasl_plaintext", "sasl_ssl"), "How to talk to the brokers."),
        new Key("sasl_mechanism", Word, "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512."),
        new Key("sasl_user", Word, "User of SASL."),
        new Key("sasl_password_env", Variable, "Environment variable that holds the password of SASL."),
        new Key("sasl_user_env", Variable, "In place of sasl_user: environment variable that holds it."),
        new Key("ca_file", Path, "PEM file of the authorities that vouch for the brokers; without it the system's."),
        new Key("cert_file", Path, "PEM file of the certificate that this client shows."),
        new Key("key_file", Path, "PEM file of its private key."),
        new Key("key_password_env", Variable, "Environment variable that holds the password of that key."),
        new Key("offset_reset", new WordShape("a policy", "earliest", "error"), "When records were deleted before they were read: go on with the earliest there is and warn, or stop.") { Default = "earliest" },
        new Key("properties", new ListShape("properties", new TextShape("name=value", "^[a-z][a-z0-9._]*=.*$", 1024), 0, 100), "Further properties of librdkafka, of those that break no promise and are no secret."));

    public static readonly MapShape Cluster = new("a cluster",
        new Key("name", Word, "Of the installation, the same on every node: Kafka's consumer group.") { IsRequired = true });

    public static readonly MapShape Webhooks = new("webhooks",
        new Key("timeout", LongSpan, "How long an answer of a subscriber may take.") { Default = "10s" },
        new Key("concurrency", new WholeNumberShape(1, 1000), "Requests to one subscriber at a time, each for another customer; of this process.") { Default = "8" },
        new Key("attempts", new WholeNumberShape(1, 100), "Tries of a trigger that the subscriber refuses (4xx but 408 and 429) before it is given up.") { Default = "5" },
        new Key("give_up_after", LongSpan, "How long a trigger is tried while the subscriber fails.") { Default = "24h" },
        new Key("max_behind", new WholeNumberShape(1000, 100_000_000), "Facts a subscriber may be behind before its oldest triggers are given up; on several nodes, of all partitions together.") { Default = "1000000" },
        new Key("breaker_after", new WholeNumberShape(1, 1000), "Failures in a row after which it is left alone for a while.") { Default = "5" },
        new Key("allow_private", Truth, "Post to addresses of private networks too.") { Default = "false" },
        new Key("allow_http", Truth, "Post without encryption to other machines too.") { Default = "false" });

    public static readonly MapShape File = new("a file of events",
        new Key("path", Path, "JSONL, or .gz of it.") { IsRequired = true },
        new Key("speed", new NumberShape(0, 1_000_000), "1 = as fast as it happened; 0 = as fast as possible.") { Default = "0" });

    public static readonly MapShape Orleans = new("Orleans",
        new Key("grain", new WordShape("what a grain holds", "partition", "customer"), "What a grain holds: all customers of a partition, or one.") { Default = "partition" },
        new Key("redis", Word, "Redis where silos find each other, as StackExchange.Redis is told: host:port and more with commas. Without it the silo is alone."),
        new Key("redis_password_env", Variable, "Environment variable that holds its password."),
        new Key("cluster", Word, "Silos of the same name find each other; a new name for a new model.") { Default = "streaminsight" },
        new Key("service", Word, "Stays the same for the life of the installation.") { Default = "streaminsight" },
        new Key("advertise", new TextShape("an IP address", "^[0-9a-fA-F.:]+$", 64), "Address that other silos reach this one at; without it, found out."),
        new Key("port", new WholeNumberShape(1, 65535), "Port that other silos connect to.") { Default = "11111" },
        new Key("gateway_port", new WholeNumberShape(0, 65535), "Port for Orleans clients; 0 = none.") { Default = "0" },
        new Key("idle_after", LongSpan, "How long a customer's grain may be idle before it is let go of; at least 1m.") { Default = "15m" });

    public static readonly MapShape Limits = new("limits",
        new Key("outbox", new WholeNumberShape(100, 10_000_000), "Facts that may wait for the slowest sink before sources pause.") { Default = "100000" },
        new Key("fact_history", new WholeNumberShape(0, 100_000_000), "Facts kept after delivery, for queries and streams that resume.") { Default = "20000" },
        new Key("dead_letters", new WholeNumberShape(0, 100_000_000), "Dead letters kept; the oldest go.") { Default = "1000000" },
        new Key("forget_tombstone_after", Span, "How long records of an erased customer are refused.") { Default = "30d" },
        new Key("decisions", new WholeNumberShape(0, 100_000_000), "Decisions kept; the oldest go.") { Default = "1000000" },
        new Key("decision_retention", Span, "How long decisions are kept.") { Default = "7d" },
        new Key("log_retention", Span, "How long the log keeps applied events.") { Default = "7d" },
        new Key("log_megabytes", new WholeNumberShape(16, 1_000_000), "How much the log keeps.") { Default = "4096" },
        new Key("timer_grace", Span, "How long a due timer waits for records under way.") { Default = "250ms" },
        new Key("checkpoint_interval", Span, "How long changes without facts may wait for their commit.") { Default = "250ms" },
        new Key("shutdown_delivery", Span, "How long facts are still delivered at shutdown.") { Default = "10s" });

    public static readonly MapShape Root = new("a configuration",
        new Key("model", Path, "The insight model; relative to this file.") { IsRequired = true },
        new Key("data", Path, "Folder of log and state; relative to this file.") { Default = "data" },
        new Key("clock", new WordShape("a clock", "wall", "records"), "What fires timers.") { Default = "wall" },
        new Key("http", Http, "The HTTP side."),
        new Key("redis", Redis, "Facts to Redis."),
        new Key("pii", Pii, "Personal data outside the customers' own state."),
        new Key("kafka", Kafka, "Events from Kafka, dead letters and facts to it."),
        new Key("cluster", Cluster, "One of several nodes: partitions by Kafka's consumer group, state in Redis; both are needed."),
        new Key("webhooks", Webhooks, "How triggers are posted to the model's subscribers."),
        new Key("host", new WordShape("a host", "local", "orleans"), "Where customers live: in the worker, or in grains of an Orleans silo in this process.") { Default = "local" },
        new Key("orleans", Orleans, "The silo, where host is orleans."),
        new Key("file", File, "Events from a file."),
        new Key("facts_file", Path, "Append facts to this file; - = standard output."),
        new Key("limits", Limits, "Sizes and times."));
}
