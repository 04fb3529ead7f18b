using StreamInsight.Server.Demo;

namespace StreamInsight.Server.Generate;

/// <summary>What <c>streaminsight generate</c> was asked to do; checked.</summary>
public sealed record GenerateOptions
{
    /// <summary>Seed and number of customers; where its time starts does not matter, since messages carry the time they are sent at.</summary>
    public SimulationOptions Simulation { get; init; } = new() { Customers = 20_000 };

    /// <summary>Messages a second. Default 100.</summary>
    public double Rate { get; init; } = 100;

    /// <summary>Ends after so many messages; null = when cancelled.</summary>
    public long? Count { get; init; }

    /// <summary>How often messages are handed over. Default 20 ms.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long it waits after messages were not taken. Default 1 s.</summary>
    public TimeSpan TryAgain { get; init; } = TimeSpan.FromSeconds(1);
}
