using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Wire;

/// <summary>What came of a step: facts, and what became of each message.</summary>
[GenerateSerializer, Immutable]
public sealed class StepParcel : IParcel
{
    internal List<Fact> Facts { get; } = [];

    /// <summary>By number of the message; none where all were accepted.</summary>
    internal Refusal[] Refusals { get; set; } = [];

    /// <summary>Messages that were refused, where the caller does not have them in its own run.</summary>
    internal List<RefusedMessage> Refused { get; } = [];

    internal Refusal Refusal(int number) => Refusals.Length == 0 ? Events.Refusal.None : Refusals[number];

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        FactCodec.Write(to, Facts);
        to.Count(Refusals.Length);
        foreach (Refusal refusal in Refusals)
            to.Byte((byte)refusal);
        to.Count(Refused.Count);
        string? source = null;
        foreach (RefusedMessage refused in Refused)
        {
            PositionCodec.Write(to, refused.Position, ref source);
            to.Byte((byte)refused.Reason);
            to.Signed(refused.RecordTimeMs);
            to.Bytes(refused.Message.Span);
        }
    }

    void IParcel.Unpack(ref WireReader from)
    {
        FactCodec.Read(ref from, Facts);
        Refusals = new Refusal[from.Count()];
        for (int i = 0; i < Refusals.Length; i++)
            Refusals[i] = (Refusal)from.Byte();
        string source = "";
        for (int i = from.Count(); i > 0; i--)
            Refused.Add(new RefusedMessage(PositionCodec.Read(ref from, ref source), (Refusal)from.Byte(), from.Signed(), from.Bytes()));
    }
}
