namespace StreamInsight.Kafka;

/// <summary>An event message on its way into a topic.</summary>
/// <param name="Key">Messages with the same key stay in order: the user. Null = any partition.</param>
/// <param name="Value">The message as JSON (UTF-8).</param>
/// <param name="RecordTimeMs">When it happened to be recorded, UTC ms: Kafka's timestamp, our record time.</param>
public readonly record struct OutgoingMessage(string? Key, ReadOnlyMemory<byte> Value, long RecordTimeMs);
