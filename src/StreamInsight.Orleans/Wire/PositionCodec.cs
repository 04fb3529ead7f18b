using StreamInsight.Events;

namespace StreamInsight.Orleans.Wire;

/// <summary>Positions one after the other; a source is named when it changes.</summary>
internal static class PositionCodec
{
    public static void Write(WireWriter to, in SourcePosition position, ref string? source)
    {
        to.Flag(position.Source != source);
        if (position.Source != source)
            to.Text(source = position.Source);
        to.Signed(position.Offset);
        to.Signed(position.Index);
    }

    public static SourcePosition Read(ref WireReader from, ref string source)
    {
        if (from.Flag())
            source = from.Text() ?? "";
        long offset = from.Signed();
        return new SourcePosition(source, offset, (int)from.Signed());
    }
}
