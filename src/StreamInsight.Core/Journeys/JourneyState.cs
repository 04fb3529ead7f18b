using StreamInsight.State;

namespace StreamInsight.Journeys;

/// <summary>Where a customer stands in the journey. Stages are indices in the model; <see cref="Previous"/> -1 = none.</summary>
public struct JourneyState
{
    public int Stage;
    public int Previous;
    public long EnteredMs;

    /// <summary>Transitions that held at the end of the last step and were not taken: timer steps pass them over. Null = none.</summary>
    public int[]? Closed;

    private long[]? _entries;

    /// <summary>The start: in the initial stage since birth, entered once.</summary>
    public static JourneyState At(int initial, long bornMs) => new() { Stage = initial, Previous = -1, EnteredMs = bornMs };

    /// <summary>How often a stage was entered.</summary>
    public readonly long Entries(int stage, int initial) =>
        (_entries is not null && stage < _entries.Length ? _entries[stage] : 0) + (stage == initial ? 1 : 0);

    public void MoveTo(int stage, long nowMs)
    {
        Previous = Stage;
        Stage = stage;
        EnteredMs = nowMs;
        AddEntries(stage, 1);
    }

    /// <summary>The side whose stage is written further down (equal: entered earlier) decides where; entries are added.</summary>
    public void Absorb(in JourneyState other, int initial)
    {
        if (other.Stage > Stage || (other.Stage == Stage && other.EnteredMs < EnteredMs))
            (Stage, Previous, EnteredMs) = (other.Stage, other.Previous, other.EnteredMs);
        AddEntries(initial, 1);   // the other side's own start
        for (int stage = 0; stage < other._entries?.Length; stage++)
            AddEntries(stage, other._entries[stage]);
    }

    private void AddEntries(int stage, long by)
    {
        if (by == 0)
            return;
        if (_entries is null || stage >= _entries.Length)
            Array.Resize(ref _entries, stage + 1);
        _entries[stage] += by;
    }

    public readonly void Encode(StateWriter writer)
    {
        writer.WriteUnsigned((ulong)Stage);
        writer.WriteSigned(Previous);
        writer.WriteSigned(EnteredMs);
        writer.WriteUnsigned((ulong)(Closed?.Length ?? 0));
        foreach (int transition in Closed ?? [])
            writer.WriteUnsigned((ulong)transition);
        writer.WriteUnsigned((ulong)(_entries?.Length ?? 0));
        foreach (long count in _entries ?? [])
            writer.WriteSigned(count);
    }

    public static JourneyState Read(ref StateReader reader, int stages, int transitions)
    {
        var state = new JourneyState { Stage = reader.ReadInt(Math.Max(1, stages)), Previous = (int)reader.ReadSigned(), EnteredMs = reader.ReadSigned() };
        if (state.Previous < -1 || state.Previous >= Math.Max(1, stages))
            throw new InvalidDataException($"State: previous stage {state.Previous} of {stages}.");
        int closed = reader.ReadInt(transitions + 1);
        if (closed > 0)
            state.Closed = new int[closed];
        for (int i = 0; i < closed; i++)
            state.Closed![i] = reader.ReadInt(transitions);
        int entries = reader.ReadInt(Math.Max(1, stages) + 1);
        for (int stage = 0; stage < entries; stage++)
            state.AddEntries(stage, reader.ReadSigned());
        return state;
    }
}
