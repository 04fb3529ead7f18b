namespace StreamInsight.Segments;

/// <summary>A customer's standing with one segment: in it since <paramref name="SinceMs"/>, or, waiting for <c>for</c>, its condition true since then.</summary>
public readonly record struct Membership(int Segment, bool IsMember, long SinceMs);
