namespace StreamInsight.Features;

/// <summary>
/// One tile of a feature: what its aggregate needs of the entries whose time falls into [index · w, (index + 1) · w). The meaning of
/// <see cref="A"/>, <see cref="B"/> and <see cref="Text"/> is the aggregate's own.
/// </summary>
public struct Tile
{
    public long Index;
    public long Count;
    public long A;
    public long B;
    public string? Text;
}
