using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>A message that cannot be used, and why.</summary>
/// <param name="RecordTimeMs">UTC ms at which the source took it; <see cref="SourceRecord.TimeInMessage"/> where not known.</param>
/// <param name="Message">Its bytes; valid as long as what it came in.</param>
public readonly record struct RefusedMessage(SourcePosition Position, Refusal Reason, long RecordTimeMs, ReadOnlyMemory<byte> Message);
