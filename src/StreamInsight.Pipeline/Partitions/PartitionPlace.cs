namespace StreamInsight.Pipeline.Partitions;

/// <summary>One partition among those that customers are spread over.</summary>
/// <param name="Partition">From 0.</param>
public sealed record PartitionPlace(int Partition, HomePartitions Homes)
{
    /// <summary>Whether the id's home is here.</summary>
    public bool IsHome(ReadOnlySpan<byte> id) => Homes.Of(id) == Partition;
}
