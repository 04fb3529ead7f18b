namespace StreamInsight.Server.Audit;

/// <summary>What an audit found of one segment. Null = was not looked at.</summary>
/// <param name="Entered">How often it was entered, ever; null = nothing was counted yet.</param>
/// <param name="Left">How often it was left.</param>
/// <param name="Members">Members by the table of members.</param>
/// <param name="States">Members by the customers' own states.</param>
/// <param name="StatesDiffer">Customers of whom state and table say different things.</param>
/// <param name="FactsDiffer">Customers whose last kept fact says other than the table.</param>
/// <param name="Redis">Members in Redis.</param>
/// <param name="RedisDiffers">Customers missing in Redis, there too many, or with another time of entry.</param>
public sealed record SegmentAudit(
    string Segment, long? Entered, long? Left, long Members, long? States, long? StatesDiffer, long FactsDiffer, long? Redis, long? RedisDiffers)
{
    /// <summary>entered − left − members; 0 where it holds.</summary>
    public long Unconserved => Entered is { } entered ? entered - (Left ?? 0) - Members : 0;

    public bool IsRight => Unconserved == 0 && FactsDiffer == 0 && StatesDiffer is null or 0 && RedisDiffers is null or 0;
}
