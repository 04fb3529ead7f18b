using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>A dead letter as it is kept.</summary>
/// <param name="RequeuedAs">The number in the log under which it was put back; 0 = it was not.</param>
public sealed record StoredDeadLetter(DeadLetter Letter, long RequeuedAs);
