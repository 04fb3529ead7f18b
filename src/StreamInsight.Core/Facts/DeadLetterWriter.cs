using System.Buffers;
using StreamInsight.Events;

namespace StreamInsight.Facts;

/// <summary>A refused record as one line of JSON without its end.</summary>
public static class DeadLetterWriter
{
    /// <param name="position">As the source counts: <c>17</c>, <c>17.2</c>, <c>topic/0/17</c>.</param>
    /// <param name="record">The message as it stood; written as it is if it is JSON, else as a string.</param>
    public static void Write(string position, Refusal reason, ReadOnlySpan<byte> record, IBufferWriter<byte> line) => throw new NotImplementedException();
}
