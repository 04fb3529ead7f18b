namespace StreamInsight.Definitions;

/// <summary>How actions compete: by P^a · C^b · V^c · L^d, the <paramref name="Top"/> best are kept, a share of customers explores.</summary>
public sealed record ArbitrationDefinition(double Propensity = 1, double Context = 1, double Value = 1, double Lever = 1, int Top = 3, double Explore = 0);
