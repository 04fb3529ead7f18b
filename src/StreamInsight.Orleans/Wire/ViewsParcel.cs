using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Wire;

/// <summary>How some customers stand.</summary>
[GenerateSerializer, Immutable]
public sealed class ViewsParcel : IParcel
{
    public ViewsParcel()
        : this([])
    {
    }

    internal ViewsParcel(CustomerView?[] views) => Views = views;

    internal CustomerView?[] Views { get; private set; }

    /// <summary>The same as bytes: asked for, and set, only where it crosses from one silo to another.</summary>
    [Id(0)]
    public byte[] Packed { get => Parcel.Pack(this); set => Parcel.Unpack(this, value); }

    void IParcel.Pack(WireWriter to)
    {
        to.Count(Views.Length);
        foreach (CustomerView? view in Views)
            ViewCodec.Write(to, view);
    }

    void IParcel.Unpack(ref WireReader from)
    {
        Views = new CustomerView?[from.Count()];
        for (int i = 0; i < Views.Length; i++)
            Views[i] = ViewCodec.Read(ref from);
    }
}
