namespace StreamInsight.Redis.State;

/// <summary>What an erasure finds of its ids before its commit.</summary>
/// <param name="Facts">Their numbers.</param>
/// <param name="Decisions">Their ids.</param>
/// <param name="DecisionsOf">Their members of that sorted set.</param>
internal sealed record ErasedRows(IReadOnlyList<long> Facts, IReadOnlyList<string> Decisions, IReadOnlyList<byte[]> DecisionsOf);
