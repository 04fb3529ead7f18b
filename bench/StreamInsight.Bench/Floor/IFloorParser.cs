namespace StreamInsight.Bench.Floor;

/// <summary>One way to read a message of W.</summary>
internal interface IFloorParser
{
    static abstract void Parse(ReadOnlySpan<byte> line, out FloorEvent e);
}
