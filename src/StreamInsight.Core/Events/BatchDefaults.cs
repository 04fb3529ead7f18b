namespace StreamInsight.Events;

/// <summary>
/// What the messages of a batch inherit where they have none of their own: the raw JSON texts of the batch's members.
/// Empty = the batch has none (or null). <c>default</c> = nothing to inherit. The texts must be valid JSON values, as a <see cref="MessageBatch"/> gives them.
/// </summary>
public readonly record struct BatchDefaults(ReadOnlyMemory<byte> SentAt, ReadOnlyMemory<byte> ReceivedAt, ReadOnlyMemory<byte> Context);
