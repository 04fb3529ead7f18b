using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>Messages to apply in one call, in order, and what became of each. Reused; one owner.</summary>
public sealed class MessageRun
{
    private readonly List<CustomerEvent> _messages = [];
    private readonly List<SourcePosition> _positions = [];
    private readonly List<Refusal> _refusals = [];
    private readonly List<long> _recordTimes = [];

    public int Count => _messages.Count;

    public CustomerEvent Message(int index) => _messages[index];

    public SourcePosition Position(int index) => _positions[index];

    /// <summary><see cref="Refusal.None"/>: accepted, or skipped because the customer has seen this position already.</summary>
    public Refusal Refusal(int index) => _refusals[index];

    /// <summary>UTC ms at which the source took it; <see cref="SourceRecord.TimeInMessage"/> where not known.</summary>
    public long RecordTimeMs(int index) => _recordTimes[index];

    public void Add(CustomerEvent message, SourcePosition position, long recordTimeMs = SourceRecord.TimeInMessage)
    {
        _recordTimes.Add(recordTimeMs);
        _messages.Add(message);
        _positions.Add(position);
        _refusals.Add(Events.Refusal.None);
    }

    public void Refuse(int index, Refusal refusal) => _refusals[index] = refusal;

    public void Clear()
    {
        _messages.Clear();
        _positions.Clear();
        _refusals.Clear();
        _recordTimes.Clear();
    }
}
