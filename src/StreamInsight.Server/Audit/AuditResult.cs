namespace StreamInsight.Server.Audit;

/// <summary>What an audit found.</summary>
/// <param name="Unreadable">Customers whose state cannot be read; they are in no count of states.</param>
/// <param name="SeqsDiffer">Customers whose last seq in Redis is another than it should be; null = was not looked at.</param>
public sealed record AuditResult(IReadOnlyList<SegmentAudit> Segments, long Unreadable, long? SeqsDiffer)
{
    public bool IsRight => Segments.All(segment => segment.IsRight) && Unreadable == 0 && SeqsDiffer is null or 0;
}
