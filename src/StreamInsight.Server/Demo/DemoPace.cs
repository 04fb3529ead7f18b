namespace StreamInsight.Server.Demo;

/// <summary>How fast the simulated days go by.</summary>
public sealed record DemoPace
{
    /// <summary>Simulated seconds a real second, 1 to 1,000,000. Default 1,800: a day in 48 seconds. Not used when <see cref="EventsPerSecond"/> is set.</summary>
    public double Speed { get; init; } = 1_800;

    /// <summary>Events a real second, whatever that makes of the speed; null = <see cref="Speed"/> decides.</summary>
    public double? EventsPerSecond { get; init; }

    /// <summary>How often events are handed in, in real time. Default 20 ms.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(20);
}
