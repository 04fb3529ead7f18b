using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>
/// What is to be applied in one call, in order: messages of a source, or what other partitions sent; and what was refused on the way. Reused; one owner.
/// </summary>
public sealed class MessageRun
{
    private readonly List<Entry> _entries = [];
    private readonly List<RefusedMessage> _refused = [];

    public int Count => _entries.Count;

    /// <summary>Null: what stands here came from another partition, see <see cref="Handover"/>.</summary>
    public CustomerEvent? Message(int index) => _entries[index].Message;

    public SourcePosition Position(int index) => _entries[index].Position;

    /// <summary>UTC ms at which the source took it; <see cref="SourceRecord.TimeInMessage"/> where not known.</summary>
    public long RecordTimeMs(int index) => _entries[index].RecordTimeMs;

    /// <summary>As another partition sent it; only where there is no <see cref="Message"/>.</summary>
    public ReadOnlyMemory<byte> Handover(int index) => _entries[index].Handover;

    /// <summary>Messages that were refused; one that waited for a merge may be refused long after it came.</summary>
    public IReadOnlyList<RefusedMessage> Refused => _refused;

    public void Add(CustomerEvent message, SourcePosition position, long recordTimeMs = SourceRecord.TimeInMessage) => _entries.Add(new Entry(message, position, recordTimeMs, default));

    public void AddHandover(ReadOnlyMemory<byte> handover) => _entries.Add(new Entry(null, default, SourceRecord.TimeInMessage, handover));

    public void Refuse(RefusedMessage message) => _refused.Add(message);

    public void Clear()
    {
        _entries.Clear();
        _refused.Clear();
    }

    private readonly record struct Entry(CustomerEvent? Message, SourcePosition Position, long RecordTimeMs, ReadOnlyMemory<byte> Handover);
}
