using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>A record that cannot be used: where it was, why, and its bytes as they came.</summary>
/// <param name="Number">1, 2, 3 … of this store; 0 before it is stored.</param>
/// <param name="RecordTimeMs">UTC ms at which the source took it; <see cref="SourceRecord.TimeInMessage"/> where not known.</param>
public sealed record DeadLetter(long Number, SourcePosition Position, Refusal Reason, long RecordTimeMs, ReadOnlyMemory<byte> Record);
