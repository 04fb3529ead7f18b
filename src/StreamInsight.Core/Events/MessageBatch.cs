using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace StreamInsight.Events;

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
    public BatchKind Read(ReadOnlyMemory<byte> text)
    {
        Clear();
        if (!TryRoot(text.Span, out var range, out var kind))
            return BatchKind.NotJson;
        if (kind != JsonKind.Object)
            return BatchKind.One;
        var root = text[range];

        ReadOnlyMemory<byte> batch = default, sentAt = default, receivedAt = default, context = default;
        var members = new JsonCursor(root.Span);
        while (members.MoveNext())
        {
            // Null counts as absent, also when it comes after a value.
            var value = members.Kind == JsonKind.Null ? default : root[members.Value];
            if (members.KeyIs("batch"u8))
                batch = value;
            else if (members.KeyIs("sentAt"u8))
                sentAt = value;
            else if (members.KeyIs("receivedAt"u8))
                receivedAt = value;
            else if (members.KeyIs("context"u8))
                context = value;
        }

        if (batch.IsEmpty || batch.Span[0] != '[')
            return BatchKind.One;
        Split(batch);
        Defaults = new BatchDefaults(sentAt, receivedAt, context);
        return BatchKind.Batch;
    }

    /// <summary>Reads a JSON array of messages, as CloudEvents batches come by HTTP. A text that is JSON but no array is <see cref="BatchKind.One"/>.</summary>
    public BatchKind ReadArray(ReadOnlyMemory<byte> text)
    {
        Clear();
        if (!TryRoot(text.Span, out var root, out var kind))
            return BatchKind.NotJson;
        if (kind != JsonKind.Array)
            return BatchKind.One;
        Split(text[root]);
        return BatchKind.Batch;
    }

    /// <summary>Whether a text is one JSON value, of whatever size and depth.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text) => TryRoot(text, out _, out _);

    private void Clear()
    {
        _messages.Clear();
        Defaults = default;
    }

    private void Split(ReadOnlyMemory<byte> array)
    {
        var elements = new JsonCursor(array.Span);
        while (elements.MoveNext())
            _messages.Add(array[elements.Value]);
    }

    /// <summary>The one value a text is, without space around it; false = it is not JSON.</summary>
    private static bool TryRoot(ReadOnlySpan<byte> text, out Range root, out JsonKind kind)
    {
        root = default;
        kind = JsonKind.None;
        if (!Utf8.IsValid(text))
            return false;
        ref byte first = ref MemoryMarshal.GetReference(text);
        int start = JsonScan.Space(ref first, 0, text.Length);
        int end = JsonScan.Value(ref first, start, text.Length, int.MaxValue, out kind);
        if (end < 0 || JsonScan.Space(ref first, end, text.Length) != text.Length)
            return false;
        root = start..end;
        return true;
    }
}
