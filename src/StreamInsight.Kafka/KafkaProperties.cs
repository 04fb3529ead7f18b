namespace StreamInsight.Kafka;

/// <summary>Which properties of librdkafka a configuration may set: those that neither break a promise nor carry a secret.</summary>
public static class KafkaProperties
{
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "allow.auto.create.topics", "api.version.request.timeout.ms", "batch.num.messages", "batch.size", "broker.address.family", "broker.address.ttl", "check.crcs",
        "client.dns.lookup", "client.id", "client.rack", "compression.codec", "compression.level", "compression.type", "connections.max.idle.ms",
        "enable.ssl.certificate.verification", "fetch.error.backoff.ms", "fetch.max.bytes", "fetch.message.max.bytes", "fetch.min.bytes", "fetch.queue.backoff.ms",
        "fetch.wait.max.ms", "heartbeat.interval.ms", "isolation.level", "linger.ms", "max.partition.fetch.bytes", "max.poll.interval.ms", "message.max.bytes",
        "metadata.max.age.ms", "queue.buffering.max.kbytes", "queue.buffering.max.messages", "queue.buffering.max.ms", "queued.max.messages.kbytes", "queued.min.messages",
        "receive.message.max.bytes", "reconnect.backoff.max.ms", "reconnect.backoff.ms", "request.timeout.ms", "retry.backoff.max.ms", "retry.backoff.ms",
        "sasl.kerberos.keytab", "sasl.kerberos.principal", "sasl.kerberos.service.name", "session.timeout.ms", "socket.connection.setup.timeout.ms",
        "socket.keepalive.enable", "socket.max.fails", "socket.nagle.disable", "socket.receive.buffer.bytes", "socket.send.buffer.bytes", "socket.timeout.ms",
        "ssl.cipher.suites", "ssl.crl.location", "ssl.curves.list", "ssl.endpoint.identification.algorithm", "ssl.sigalgs.list",
        "topic.metadata.refresh.fast.interval.ms", "topic.metadata.refresh.interval.ms",
    };

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "servers", ["metadata.broker.list"] = "servers", ["group.id"] = "group", ["group.instance.id"] = "instance_id",
        ["auto.offset.reset"] = "offset_reset", ["security.protocol"] = "security", ["sasl.mechanism"] = "sasl_mechanism", ["sasl.mechanisms"] = "sasl_mechanism",
        ["sasl.username"] = "sasl_user or sasl_user_env", ["sasl.password"] = "sasl_password_env", ["ssl.ca.location"] = "ca_file", ["ssl.certificate.location"] = "cert_file",
        ["ssl.key.location"] = "key_file", ["ssl.key.password"] = "key_password_env",
    };

    /// <summary>Why it may not be set; null = it may.</summary>
    public static string? Fault(string name) =>
        Allowed.Contains(name) ? null
        : Keys.TryGetValue(name, out string? key) ? $"is set by {key}"
        : $"may not be set here: it could break a promise or show a secret. Allowed are {string.Join(", ", Allowed.Order(StringComparer.Ordinal))}";
}
