namespace StreamInsight.Server.Http;

/// <summary>How often a segment was entered and left, ever. What is not left is in it.</summary>
internal readonly record struct SegmentFlow(long Entered, long Left)
{
    public long Members => Entered - Left;
}
