namespace StreamInsight.Orleans.Wire;

/// <summary>
/// What a call to a grain carries. Within a silo it is handed over as it is, nothing copied; only between silos it is packed. Nobody changes it
/// while the call runs.
/// </summary>
internal interface IParcel
{
    void Pack(WireWriter to);

    void Unpack(ref WireReader from);
}
