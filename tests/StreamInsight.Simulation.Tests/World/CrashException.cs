namespace StreamInsight.Simulation.World;

/// <summary>The process is killed right here: nothing after this line of it runs.</summary>
public sealed class CrashException() : Exception("killed");
