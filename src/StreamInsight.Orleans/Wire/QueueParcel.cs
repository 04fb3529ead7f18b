using StreamInsight.Decisions;

namespace StreamInsight.Orleans.Wire;

/// <summary>How a queue stands.</summary>
[GenerateSerializer, Immutable]
public sealed class QueueParcel : IParcel
{
    public QueueParcel()
    {
    }

    internal QueueParcel(QueueState? state) => State = state;

    /// <summary>Null = not known.</summary>
    internal QueueState? State { get; private set; }

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        to.Flag(State is not null);
        if (State is not { } state)
            return;
        to.Signed(state.AtMs);
        to.Flag(state.Waiting is not null);
        to.Signed(state.Waiting ?? 0);
        to.Flag(state.LongestWait is not null);
        to.Double(state.LongestWait ?? 0);
        to.Flag(state.ServiceLevel is not null);
        to.Double(state.ServiceLevel ?? 0);
        to.Flag(state.AgentsFree is not null);
        to.Signed(state.AgentsFree ?? 0);
    }

    void IParcel.Unpack(ref WireReader from)
    {
        if (!from.Flag())
            return;
        long atMs = from.Signed();
        bool isKnown = from.Flag();
        long? waiting = from.Signed() is var people && isKnown ? people : null;
        isKnown = from.Flag();
        double? longest = from.Double() is var wait && isKnown ? wait : null;
        isKnown = from.Flag();
        double? level = from.Double() is var share && isKnown ? share : null;
        isKnown = from.Flag();
        long? free = from.Signed() is var agents && isKnown ? agents : null;
        State = new QueueState(atMs, waiting, longest, level, free);
    }
}
