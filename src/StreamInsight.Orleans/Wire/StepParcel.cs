using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Orleans.Wire;

/// <summary>What came of a step: facts, and what became of each message.</summary>
[GenerateSerializer, Immutable]
public sealed class StepParcel : IParcel
{
    internal List<Fact> Facts { get; } = [];

    /// <summary>By number of the message; none where all were accepted.</summary>
    internal Refusal[] Refusals { get; set; } = [];

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
    }

    void IParcel.Unpack(ref WireReader from)
    {
        FactCodec.Read(ref from, Facts);
        Refusals = new Refusal[from.Count()];
        for (int i = 0; i < Refusals.Length; i++)
            Refusals[i] = (Refusal)from.Byte();
    }
}
