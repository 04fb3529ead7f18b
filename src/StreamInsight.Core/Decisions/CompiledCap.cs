namespace StreamInsight.Decisions;

/// <summary>A cap. <paramref name="Channel"/> -1 and <paramref name="Topic"/> null = any.</summary>
public sealed record CompiledCap(int Max, long WindowMs, int Channel, string? Topic);
