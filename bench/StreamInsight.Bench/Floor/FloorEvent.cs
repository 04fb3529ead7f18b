namespace StreamInsight.Bench.Floor;

/// <summary>What of W's messages the floor program needs, fixed at compile time.</summary>
internal struct FloorEvent
{
    /// <summary>The customer's id: its (at most eight) bytes.</summary>
    public ulong Customer;
    public long TimeMs;
    public double Amount;

    /// <summary>The number of the channel, 0 … 5.</summary>
    public byte Channel;
    public FloorKind Kind;
}

internal enum FloorKind : byte
{
    Other,
    Purchase,
    SupportCall,
}
