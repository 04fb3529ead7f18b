using StreamInsight.Decisions;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Wire;

/// <summary>What a partition's host changed since it was asked last, and how scores and actions do.</summary>
[GenerateSerializer, Immutable]
public sealed class ChangesParcel : IParcel
{
    public ChangesParcel()
        : this(new HostChanges(), new DecisionFigures([], []))
    {
    }

    internal ChangesParcel(HostChanges changes, DecisionFigures decisions)
    {
        Changes = changes;
        Decisions = decisions;
    }

    internal HostChanges Changes { get; private set; }

    internal DecisionFigures Decisions { get; private set; }

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        ChangesCodec.Write(to, Changes);
        ChangesCodec.Write(to, Decisions);
    }

    void IParcel.Unpack(ref WireReader from)
    {
        Changes = ChangesCodec.Read(ref from);
        Decisions = ChangesCodec.ReadFigures(ref from);
    }
}
