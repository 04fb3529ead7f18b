namespace StreamInsight.Orleans.Partitions;

/// <summary>What the worker wants to know of a partition after every step.</summary>
/// <param name="Knows">False = the grain has not seen this session's call before this one, and has done nothing.</param>
/// <param name="NextTimerMs">The earliest due timer, UTC ms.</param>
/// <param name="IsAwaited">Somebody waits for the next commit.</param>
/// <param name="IsMoving">The grain goes to the caller's silo: open it again.</param>
/// <param name="IsFenced">The problem is that the partition has a later owner.</param>
/// <param name="Problem">Why the session cannot begin; null = it has begun.</param>
[GenerateSerializer, Immutable]
public readonly record struct PartitionStanding(
    [property: Id(0)] bool Knows, [property: Id(1)] long NextTimerMs, [property: Id(2)] long Customers, [property: Id(3)] int Stopped, [property: Id(4)] bool IsAwaited,
    [property: Id(5)] string? Problem = null, [property: Id(6)] bool IsMoving = false, [property: Id(7)] bool IsFenced = false);
