namespace StreamInsight.Redis.State;

/// <summary>What a partition has stored of one instant.</summary>
/// <param name="LastFact">Its last outbox position; 0 = none yet.</param>
/// <param name="Counters">By name.</param>
/// <param name="Cursors">By sink, the last position taken, as far as that is committed.</param>
public sealed record PartitionStanding(long LastFact, IReadOnlyDictionary<string, long> Counters, IReadOnlyDictionary<string, long> Cursors);
