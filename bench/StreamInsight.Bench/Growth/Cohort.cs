namespace StreamInsight.Bench.Growth;

/// <summary>Events that arrived in the same step.</summary>
/// <param name="Step">When the first topic had them.</param>
/// <param name="Crossings">Ways to other partitions that are still before them.</param>
internal readonly record struct Cohort(int Step, int Count, int Crossings);
