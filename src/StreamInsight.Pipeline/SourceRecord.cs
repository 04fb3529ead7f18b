using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>
/// One record as a source delivers it: the bytes of a message, or of a batch of messages. The bytes live as long as the <see cref="RecordBatch"/> they are in.
/// </summary>
/// <param name="Bytes">UTF-8 JSON as it came, line end not included.</param>
/// <param name="RecordTimeMs">UTC ms at which the source took it; <see cref="TimeInMessage"/> where the message itself tells (files).</param>
/// <param name="Source">Its partition: <see cref="SourcePosition.Source"/>.</param>
/// <param name="Offset">Its place there: <see cref="SourcePosition.Offset"/>.</param>
public readonly record struct SourceRecord(ReadOnlyMemory<byte> Bytes, long RecordTimeMs, string Source, long Offset)
{
    /// <summary>As a record time: the source knows none, the message's own times decide.</summary>
    public const long TimeInMessage = long.MinValue;

    /// <summary>The position of the record itself, or with an index of a message in it.</summary>
    public SourcePosition Position(int index = -1) => new(Source, Offset, index);
}
