namespace StreamInsight.Kafka;

/// <summary>How to reach Kafka, and what to read and write there.</summary>
public sealed record KafkaOptions
{
    public const string DefaultEventsTopic = "insight.events";
    public const string DefaultDeadTopic = "insight.dead";
    public const string DefaultFactsTopic = "insight.facts";
    public const string DefaultHandoverTopic = "insight.handover";

    /// <summary><c>host:port</c>, several joined by commas.</summary>
    public required string Servers { get; init; }

    /// <summary>The consumer group. All processes of one installation share it.</summary>
    public string Group { get; init; } = "streaminsight";

    /// <summary>
    /// Static membership: a name of this process that survives its restart, so that a quick restart moves no partitions. Null = none; unique within the group.
    /// </summary>
    public string? InstanceId { get; init; }

    public string EventsTopic { get; init; } = DefaultEventsTopic;

    public string DeadTopic { get; init; } = DefaultDeadTopic;

    public string FactsTopic { get; init; } = DefaultFactsTopic;

    /// <summary>Several nodes: the internal topic of messages between partitions of customers. As many partitions as the events topic has; nobody else reads or writes it.</summary>
    public string HandoverTopic { get; init; } = DefaultHandoverTopic;

    /// <summary>Whether the handover topic is created when it is missing. False = somebody creates it before the first node starts.</summary>
    public bool CreatesHandoverTopic { get; init; } = true;

    /// <summary>How long a handover topic that we create keeps its messages: longer than a partition may ever stand still. What is deleted before it was read is lost.</summary>
    public TimeSpan HandoverRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long the group waits for a member that is silent before it gives its partitions to others; a member by name (<see cref="InstanceId"/>) that restarts within it gets
    /// the same partitions back and nothing moves. Brokers take 6 s to 30 min unless configured otherwise.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>plaintext</c> (default), <c>ssl</c>, <c>sasl_plaintext</c> or <c>sasl_ssl</c>.</summary>
    public string? SecurityProtocol { get; init; }

    /// <summary><c>PLAIN</c>, <c>SCRAM-SHA-256</c>, <c>SCRAM-SHA-512</c>, …</summary>
    public string? SaslMechanism { get; init; }

    public string? SaslUser { get; init; }

    public string? SaslPassword { get; init; }

    /// <summary>File of the certificate authorities that vouch for the brokers; null = the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the certificate that this client shows; null = none.</summary>
    public string? CertFile { get; init; }

    /// <summary>PEM file of its private key.</summary>
    public string? KeyFile { get; init; }

    public string? KeyPassword { get; init; }

    /// <summary>When records were deleted before they were read: stop. False (the default) = warn, and go on with the earliest there is.</summary>
    public bool StopsAtGaps { get; init; }

    /// <summary>Any other property of librdkafka, by its own name; these win over everything else here.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Records read ahead at most; then it reads on when a quarter of them is left.</summary>
    public int MaxBufferedRecords { get; init; } = 32_768;

    /// <summary>Bytes read ahead at most.</summary>
    public int MaxBufferedBytes { get; init; } = 32 << 20;

    /// <summary>Several nodes: records of one partition read ahead at most; then it alone is paused until a quarter of them is left.</summary>
    public int PartitionBufferedRecords { get; init; } = 8_192;

    /// <summary>Bytes of one partition read ahead at most.</summary>
    public int PartitionBufferedBytes { get; init; } = 4 << 20;

    /// <summary>
    /// How long a broker may hold a fetch while it has nothing. A real one answers as soon as something comes; the embedded one only when this has passed.
    /// </summary>
    public TimeSpan FetchWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the first contact may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often offsets whose effects are durable are committed to the group.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a partition that is taken away waits for what was read of it to become durable; then it goes anyway. Less than <c>max.poll.interval.ms</c>.</summary>
    public TimeSpan HandOverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a delivery may go without an answer from the brokers before it is given up and tried again from its first message.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Takes one line on what the client warns about (a broker away, a rebalance); null = nobody.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Without its secrets.</summary>
    public override string ToString() => $"Kafka at {Servers}";
}
