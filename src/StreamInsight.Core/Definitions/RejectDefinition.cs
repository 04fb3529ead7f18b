namespace StreamInsight.Definitions;

/// <summary><paramref name="After"/> declines of an action within a time pause it.</summary>
public sealed record RejectDefinition(int After, long WithinMs, long PauseMs);
