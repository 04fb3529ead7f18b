using StreamInsight.Facts;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Orleans.Wire;

/// <summary>A customer's erasure and its last facts.</summary>
[GenerateSerializer, Immutable]
public sealed class ErasureParcel : IParcel
{
    internal List<Fact> Facts { get; } = [];

    /// <summary>Null = nothing is known of the id.</summary>
    internal Erasure? Erasure { get; set; }

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        FactCodec.Write(to, Facts);
        to.Flag(Erasure is not null);
        if (Erasure is null)
            return;
        to.Wide(Erasure.Digest);
        to.Signed(Erasure.AtMs);
        to.Signed(Erasure.UntilMs);
        to.Texts([.. Erasure.Ids]);
        to.Count(Erasure.Removed.Count);
        foreach ((string store, long removed) in Erasure.Removed)
        {
            to.Text(store);
            to.Signed(removed);
        }
    }

    /// <summary>As a host gives it: what is pending, and where it stands in the outbox, is the worker's to fill in.</summary>
    void IParcel.Unpack(ref WireReader from)
    {
        FactCodec.Read(ref from, Facts);
        if (!from.Flag())
            return;
        var erasure = new Erasure { Digest = from.Wide(), AtMs = from.Signed(), UntilMs = from.Signed(), Ids = from.Texts() };
        for (int i = from.Count(); i > 0; i--)
            erasure = erasure.With(from.Word(), from.Signed());
        Erasure = erasure;
    }
}
