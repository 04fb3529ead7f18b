namespace StreamInsight.Decisions;

/// <summary>One place of the ranking that was last told: action and channels by number in the model.</summary>
public readonly record struct Told(int Action, ulong Channels, bool IsExplored);
