namespace StreamInsight.Decisions;

/// <summary>The newest declines of one action, oldest first, and until when they pause it.</summary>
public readonly record struct Declines(int Action, long PausedUntilMs, long[] TimesMs);
