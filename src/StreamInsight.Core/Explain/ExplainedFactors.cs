namespace StreamInsight.Explain;

/// <summary>P, C, V and L and what they come to.</summary>
public sealed record ExplainedFactors(double Propensity, double Context, double Value, double Lever, double Score);
