namespace StreamInsight.Redis.State;

/// <summary>Whose state a Redis holds: what every node of an installation has to agree on.</summary>
public sealed record RedisStoreIdentity
{
    /// <summary>The installation: its Kafka consumer group.</summary>
    public required string Group { get; init; }

    /// <summary>Partitions of customers; fixed for the life of the state.</summary>
    public required int Partitions { get; init; }

    /// <summary><c>name@version</c>.</summary>
    public required string Model { get; init; }

    /// <summary>A hash of everything whose place or meaning a customer's state depends on.</summary>
    public required string ModelLayout { get; init; }
}
