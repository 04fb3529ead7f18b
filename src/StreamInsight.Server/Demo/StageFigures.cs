namespace StreamInsight.Server.Demo;

/// <summary>How many customers are in one stage of the journey.</summary>
public readonly record struct StageFigures(string Stage, long Customers);
