namespace StreamInsight.Pipeline;

/// <summary>A trigger that a subscriber was not brought.</summary>
/// <param name="Reason"><c>http_400</c> …, <c>gone</c> (410), <c>gave_up</c> (it failed for too long), <c>too_far_behind</c>.</param>
/// <param name="AtMs">When it was given up, UTC ms.</param>
/// <param name="Line">The fact as one line of JSON (UTF-8).</param>
public sealed record UndeliveredFact(string Subscriber, string FactId, string Customer, string Reason, long AtMs, ReadOnlyMemory<byte> Line);
