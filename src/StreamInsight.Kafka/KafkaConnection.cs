using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>The settings that all our clients share, and the first contact.</summary>
public static class KafkaConnection
{
    /// <summary>
    /// Asks the brokers for the topics. Throws <see cref="DependencyUnavailableException"/> with one line that says what to do, if no broker answers within
    /// <see cref="KafkaOptions.ConnectTimeout"/> or a topic is not there (most brokers create it on being asked).
    /// </summary>
    public static Task CheckAsync(KafkaOptions options, IReadOnlyCollection<string> topics, CancellationToken cancel) =>
        Task.Run(() => Check(options, topics, cancel), cancel);

    internal static Dictionary<string, string> Settings(KafkaOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = options.Servers,
            ["client.id"] = "streaminsight",
            // Back after an outage of hours within a second or two.
            ["reconnect.backoff.ms"] = "50",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        Set(settings, "security.protocol", options.SecurityProtocol);
        Set(settings, "sasl.mechanism", options.SaslMechanism);
        Set(settings, "sasl.username", options.SaslUser);
        Set(settings, "sasl.password", options.SaslPassword);
        Set(settings, "ssl.ca.location", options.CaFile);
        Set(settings, "ssl.certificate.location", options.CertFile);
        Set(settings, "ssl.key.location", options.KeyFile);
        Set(settings, "ssl.key.password", options.KeyPassword);
        return settings;
    }

    /// <summary>The caller's own properties, last, so that they win.</summary>
    internal static Dictionary<string, string> WithOwn(this Dictionary<string, string> settings, KafkaOptions options)
    {
        foreach ((string name, string value) in options.Properties)
            settings[name] = value;
        return settings;
    }

    /// <summary>One line on an error of a client.</summary>
    internal static string Describe(Error error) => $"Kafka: {error.Reason} ({error.Code})";

    private static void Set(Dictionary<string, string> settings, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            settings[name] = value;
    }

    private static void Check(KafkaOptions options, IReadOnlyCollection<string> topics, CancellationToken cancel)
    {
        NativeLibrdkafka.EnsureLoaded();
        Error? last = null;
        using IAdminClient client = Build(options, error => last = error);
        var deadline = DateTime.UtcNow + options.ConnectTimeout;
        foreach (string topic in topics)
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var error = Ask(client, topic, options, last);
                if (error is null)
                    break;
                // A topic that is being created has no leader yet.
                if (DateTime.UtcNow > deadline)
                    throw new DependencyUnavailableException(
                        $"Kafka at {options.Servers} has no topic {topic} ({error.Reason}): create it, for example with 'kafka-topics.sh --create --topic {topic} --partitions 12', or name another one.");
                Thread.Sleep(100);
            }
        }
    }

    private static Error? Ask(IAdminClient client, string topic, KafkaOptions options, Error? last)
    {
        try
        {
            var found = client.GetMetadata(topic, options.ConnectTimeout).Topics.Find(t => t.Topic == topic);
            return found is { Partitions.Count: > 0 } && !found.Error.IsError ? null : found?.Error ?? new Error(ErrorCode.UnknownTopicOrPart);
        }
        catch (KafkaException e)
        {
            string reason = last is null || last.Code == ErrorCode.Local_AllBrokersDown ? e.Error.Reason : last.Reason;
            throw new DependencyUnavailableException(
                $"Kafka at {options.Servers} cannot be reached within {options.ConnectTimeout.TotalSeconds:0} s: {reason}. Check the address, and TLS and SASL settings.", e);
        }
    }

    internal static IAdminClient Build(KafkaOptions options, Action<Error> onError)
    {
        try
        {
            return new AdminClientBuilder(Settings(options).WithOwn(options))
                .SetErrorHandler((_, error) => onError(error))
                .SetLogHandler((_, _) => { })
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new DependencyUnavailableException($"Kafka's client refuses its settings: {e.Message}", e);
        }
    }
}
