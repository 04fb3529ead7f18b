namespace StreamInsight.Events;

/// <summary>
/// Reads a record (a line of a file without its end, the value of a Kafka record) as the messages it holds: itself, or those of its batch.
/// <code>
/// reader.Begin(line, source);
/// while (reader.Next(target)) { … }
/// </code>
/// Reusable; owned by one thread. Whether a line is blank is <see cref="IsBlank"/>; blank lines are no records.
/// </summary>
public sealed class RecordReader(EventSchema schema)
{
    public EventSchema Schema { get; } = schema;

    /// <summary>True if there is nothing but spaces, tabs and line ends.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Starts a record. The text must stay as it is until the last event read from it is done with.</summary>
    public void Begin(ReadOnlyMemory<byte> record, RecordSource source) => throw new NotImplementedException();

    /// <summary>The next message of the record, decoded or refused, with its <see cref="CustomerEvent.BatchIndex"/>; false = there are no more.</summary>
    public bool Next(CustomerEvent target) => throw new NotImplementedException();
}
