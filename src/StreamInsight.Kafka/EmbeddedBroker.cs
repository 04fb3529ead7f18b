using System.Runtime.InteropServices;
using System.Text;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// A Kafka broker inside this process, for demos and tests: real protocol on a free TCP port of this machine, consumer groups, idempotent producers.
/// NOT durable: it keeps about the last 5 MB of each partition, in memory, and all of it is gone when it is disposed. Topics are created at first use
/// with <see cref="DefaultPartitions"/> partitions.
/// </summary>
public sealed class EmbeddedBroker : IDisposable
{
    /// <summary>Partitions of a topic that nobody created explicitly.</summary>
    public const int DefaultPartitions = 4;

    private const int BrokerId = 1;
    private nint _client;
    private readonly nint _cluster;

    private EmbeddedBroker(nint client, nint cluster)
    {
        _client = client;
        _cluster = cluster;
        Servers = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(cluster))!;
    }

    /// <summary>Where it listens, as <see cref="KafkaOptions.Servers"/> takes it: <c>127.0.0.1:40123</c>.</summary>
    public string Servers { get; }

    /// <summary>Starts one. Throws <see cref="DependencyUnavailableException"/> where native librdkafka is missing.</summary>
    public static EmbeddedBroker Start()
    {
        NativeLibrdkafka.EnsureLoaded();
        nint configuration = rd_kafka_conf_new();
        var error = new byte[512];
        // Its own log lines ("experimental") would stand between ours.
        _ = rd_kafka_conf_set(configuration, "log_level", "0", error, error.Length);
        nint client = rd_kafka_new(Producer, configuration, error, error.Length);
        if (client == 0)
            throw new DependencyUnavailableException($"The embedded Kafka broker did not start: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        nint cluster = rd_kafka_mock_cluster_new(client, 1);
        if (cluster == 0)
        {
            rd_kafka_destroy(client);
            throw new DependencyUnavailableException("The embedded Kafka broker did not start: it could open no port on 127.0.0.1.");
        }
        // A real broker waits 3 s for more consumers to join a new group; here there are none to wait for.
        rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0);
        return new EmbeddedBroker(client, cluster);
    }

    /// <summary>Creates a topic, before anyone uses it.</summary>
    public void CreateTopic(string topic, int partitions)
    {
        int error = rd_kafka_mock_topic_create(_cluster, topic, partitions, 1);
        if (error != 0)
            throw new InvalidOperationException($"Topic {topic} could not be created in the embedded broker (error {error}): it exists already, or the number of partitions is wrong.");
    }

    /// <summary>For tests: the broker drops its connections and takes no new ones until <see cref="ComeBack"/>; what it holds stays.</summary>
    public void GoAway() => _ = rd_kafka_mock_broker_set_down(_cluster, BrokerId);

    /// <summary>Ends <see cref="GoAway"/>.</summary>
    public void ComeBack() => _ = rd_kafka_mock_broker_set_up(_cluster, BrokerId);

    /// <summary>For tests: the next requests of a kind (Kafka's API key) are answered with these errors, one each.</summary>
    public void Fail(short apiKey, params int[] errors) => rd_kafka_mock_push_request_errors_array(_cluster, apiKey, errors.Length, errors);

    public void Dispose()
    {
        nint client = Interlocked.Exchange(ref _client, 0);
        if (client == 0)
            return;
        rd_kafka_mock_cluster_destroy(_cluster);
        rd_kafka_destroy(client);
    }

    private const int Producer = 0;

    [DllImport(NativeLibrdkafka.Name)]
    private static extern nint rd_kafka_conf_new();

    [DllImport(NativeLibrdkafka.Name)]
    private static extern int rd_kafka_conf_set(
        nint conf, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, byte[] error, nint errorSize);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern nint rd_kafka_new(int type, nint conf, byte[] error, nint errorSize);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern void rd_kafka_destroy(nint client);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern void rd_kafka_mock_cluster_destroy(nint cluster);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int delayMs);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern int rd_kafka_mock_topic_create(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replicas);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern void rd_kafka_mock_push_request_errors_array(nint cluster, short apiKey, nint count, int[] errors);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [DllImport(NativeLibrdkafka.Name)]
    private static extern int rd_kafka_mock_broker_set_up(nint cluster, int broker);
}
