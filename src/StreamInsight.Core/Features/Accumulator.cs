using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>A lifetime feature's memory: one tile that covers everything.</summary>
public sealed class Accumulator : FeatureState
{
    public const byte StateTag = 3;

    public Tile Total;

    public override byte Tag => StateTag;

    public override void Encode(StateWriter writer)
    {
        writer.WriteSigned(Total.Count);
        writer.WriteBits(Total.A);
        writer.WriteBits(Total.B);
        writer.WriteText(Total.Text);
    }

    public static Accumulator Read(ref StateReader reader) => new()
    {
        Total = new Tile { Count = reader.ReadSigned(), A = reader.ReadBits(), B = reader.ReadBits(), Text = reader.ReadText() },
    };
}
