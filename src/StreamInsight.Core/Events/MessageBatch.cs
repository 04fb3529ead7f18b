namespace StreamInsight.Events;

/// <summary>What the text of a record or request body is.</summary>
public enum BatchKind : byte
{
    /// <summary>Not JSON: one message, which will be refused.</summary>
    NotJson,

    /// <summary>JSON that is no batch: one message.</summary>
    One,

    /// <summary>A batch: its messages stand in the <see cref="MessageBatch"/>.</summary>
    Batch,
}

/// <summary>
/// Splits a batch into its messages without copying. Reusable; owned by one thread. What it gives are slices of the text it read, valid until the next read.
/// A batch has no limit of size or depth: each of its messages is judged alone.
/// </summary>
public sealed class MessageBatch
{
    private readonly List<ReadOnlyMemory<byte>> _messages = [];

    /// <summary>The messages, as they stand in the text.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Messages => _messages;

    /// <summary>What messages inherit.</summary>
    public BatchDefaults Defaults { get; private set; }

    /// <summary>Reads one record: a JSON object whose (last) <c>batch</c> is an array is a batch, whatever else it holds.</summary>
    public BatchKind Read(ReadOnlyMemory<byte> text) => throw new NotImplementedException();

    /// <summary>Reads a JSON array of messages, as CloudEvents batches come by HTTP. A text that is JSON but no array is <see cref="BatchKind.One"/>.</summary>
    public BatchKind ReadArray(ReadOnlyMemory<byte> text) => throw new NotImplementedException();
}
