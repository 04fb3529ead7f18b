namespace StreamInsight.Pipeline.Partitions;

/// <summary>What one partition of customers tells another.</summary>
/// <param name="Customer">The id it is for; lives in the receiving partition when it is sent. Empty = for the partition itself.</param>
public abstract record Parcel(string Customer);
