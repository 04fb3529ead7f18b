namespace StreamInsight.Server.Demo;

/// <summary>One segment: its members, and how many entered and left since the demo began.</summary>
/// <param name="LeftByTime">Of those who left, how many did so because time passed, without an event of theirs.</param>
public readonly record struct SegmentFigures(string Segment, long Members, long Entered, long Left, long LeftByTime);
