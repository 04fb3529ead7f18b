namespace StreamInsight.Orleans.Wire;

/// <summary>
/// What a call to a grain carries. Within a silo it is handed over as it is, nothing copied; only between silos it is packed. Nobody changes it
/// while the call runs.
/// </summary>
public abstract class Parcel
{
    [ThreadStatic]
    private static WireWriter? s_writer;

    private protected byte[] Pack()
    {
        WireWriter writer = s_writer ??= new WireWriter();
        writer.Clear();
        Pack(writer);
        return writer.ToArray();
    }

    private protected void Unpack(byte[] packed)
    {
        var reader = new WireReader(packed);
        Unpack(ref reader);
    }

    private protected abstract void Pack(WireWriter to);

    private protected abstract void Unpack(ref WireReader from);
}
