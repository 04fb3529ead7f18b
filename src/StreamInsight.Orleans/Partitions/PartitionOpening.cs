namespace StreamInsight.Orleans.Partitions;

/// <summary>The beginning of a session.</summary>
/// <param name="Generation">Of the store that the worker writes: a greater one belongs to a later owner of the partition. 0 = the store has none.</param>
/// <param name="Model">What the worker's model is recognised by.</param>
/// <param name="Partition">Its number among them.</param>
/// <param name="Partitions">How many customers are spread over; 0 = there is only this one.</param>
/// <param name="Near">The worker's silo; null = the grain may be anywhere.</param>
[GenerateSerializer, Immutable]
public sealed record PartitionOpening([property: Id(0)] Guid Session, [property: Id(1)] long Generation, [property: Id(2)] string Model, [property: Id(3)] SiloAddress? Near,
    [property: Id(4)] int Partition, [property: Id(5)] int Partitions);
