namespace StreamInsight.Orleans.Partitions;

/// <summary>How the partition stands after a call, and what the call gave; nothing where the grain did not know the session.</summary>
[GenerateSerializer, Immutable]
public readonly record struct PartitionAnswer<T>([property: Id(0)] PartitionStanding Standing, [property: Id(1)] T? Content);
