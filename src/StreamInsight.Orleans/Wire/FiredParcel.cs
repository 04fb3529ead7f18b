using StreamInsight.Facts;

namespace StreamInsight.Orleans.Wire;

/// <summary>How many customers a round of timers advanced, and the facts of it.</summary>
[GenerateSerializer, Immutable]
public sealed class FiredParcel : IParcel
{
    internal List<Fact> Facts { get; } = [];

    internal int Fired { get; set; }

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        to.Signed(Fired);
        FactCodec.Write(to, Facts);
    }

    void IParcel.Unpack(ref WireReader from)
    {
        Fired = (int)from.Signed();
        FactCodec.Read(ref from, Facts);
    }
}
