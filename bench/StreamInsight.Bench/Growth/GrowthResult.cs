namespace StreamInsight.Bench.Growth;

/// <summary>What a run gave. Before = from second 5 to second 20; after = from second 20, when the disturbance comes, to the end.</summary>
internal sealed record GrowthResult
{
    public required GrowthCase Case { get; init; }

    public required long Arrived { get; init; }

    public required long Committed { get; init; }

    public required long Queued { get; init; }

    /// <summary>Of its processors' time, before.</summary>
    public required double MeanNode { get; init; }

    public required double BusiestNode { get; init; }

    /// <summary>Of the time of a primary's thread, before.</summary>
    public required double BusiestRedis { get; init; }

    /// <summary>Of the time of a partition's thread, before.</summary>
    public required double BusiestPartition { get; init; }

    public required Latencies Before { get; init; }

    public required Latencies After { get; init; }

    /// <summary>Times that a partition went to another node.</summary>
    public required int Moved { get; init; }

    /// <summary>Most events that waited or were not committed.</summary>
    public required long MostQueued { get; init; }

    /// <summary>Age of the oldest event that was not committed at the end, seconds.</summary>
    public required double LagAtEnd { get; init; }

    /// <summary>From the disturbance until no event is older than a second, for good; null = not within the run.</summary>
    public required double? CaughtUpAfter { get; init; }
}
