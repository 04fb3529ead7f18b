namespace StreamInsight.Pipeline;

/// <summary>A customer and when its next timer is due, UTC ms.</summary>
public readonly record struct StoredTimer(long DueMs, string Customer);
