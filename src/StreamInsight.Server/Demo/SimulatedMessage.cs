namespace StreamInsight.Server.Demo;

/// <summary>One message as a client would send it.</summary>
/// <param name="ArrivesAtMs">When it reaches the service: its record time, UTC milliseconds since 1970. Never less than that of the message before it.</param>
/// <param name="Key">The sender's id, for Kafka's key; empty when a broken message has none.</param>
/// <param name="Json">UTF-8, one line, no line end.</param>
public readonly record struct SimulatedMessage(long ArrivesAtMs, string Key, ReadOnlyMemory<byte> Json);
