namespace StreamInsight.Orleans.Wire;

/// <summary>Packs parcels, on one writer a thread.</summary>
internal static class Parcel
{
    [ThreadStatic]
    private static WireWriter? s_writer;

    public static byte[] Pack(IParcel parcel)
    {
        WireWriter writer = s_writer ??= new WireWriter();
        writer.Clear();
        parcel.Pack(writer);
        return writer.ToArray();
    }

    public static void Unpack(IParcel parcel, byte[] packed)
    {
        var reader = new WireReader(packed);
        parcel.Unpack(ref reader);
    }
}
