namespace StreamInsight.Server.Demo;

/// <summary>One segment: its members as stored, and how many entered and left since the demo began.</summary>
/// <param name="Before">Members when it began: 0, unless it goes on where it stopped.</param>
/// <param name="LeftByTime">Of those who left, how many did so because time passed, without an event of theirs.</param>
public readonly record struct SegmentFigures(string Segment, long Members, long Entered, long Left, long LeftByTime, long Before = 0);
