namespace StreamInsight.Pipeline;

/// <summary>How many decisions a store keeps, and how long.</summary>
/// <param name="Keep">Older ones go; counted back from the newest. 7 days by default.</param>
/// <param name="Max">At most this many. 1,000,000 by default.</param>
public sealed record DecisionRetention(TimeSpan Keep, long Max)
{
    public static readonly DecisionRetention Usual = new(TimeSpan.FromDays(7), 1_000_000);
}
