namespace StreamInsight.Bench.Compare;

/// <summary>One program that reads W: how it is called, on how many cores, and which contender it is measured against.</summary>
internal sealed record Contender(string Name, int Cores, string[] Command, string? Against);
