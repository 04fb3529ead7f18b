namespace StreamInsight.Orleans.Partitions;

/// <summary>Who calls a partition's grain, and how often it has: a grain that does not remember the call before has lost what was not committed.</summary>
/// <param name="Session">Of one worker's host, from its start to its end.</param>
/// <param name="Number">1, 2, 3 … of the session since the grain was opened.</param>
/// <param name="IsCommitted">Everything the grain gave for commits is durable: it may let go of customers.</param>
[GenerateSerializer, Immutable]
public readonly record struct PartitionTicket([property: Id(0)] Guid Session, [property: Id(1)] long Number, [property: Id(2)] bool IsCommitted);
