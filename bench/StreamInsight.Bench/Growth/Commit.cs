namespace StreamInsight.Bench.Growth;

/// <summary>A commit on its way. Of a partition that has changed hands since (<paramref name="Turn"/>) it is refused.</summary>
internal sealed record Commit(SimulatedPartition Partition, int Turn, double WorkUs);
