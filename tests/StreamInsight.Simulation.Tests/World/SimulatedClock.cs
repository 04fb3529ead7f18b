namespace StreamInsight.Simulation.World;

/// <summary>The one true time, of the broker as of everything; moved by the simulation alone.</summary>
public sealed class SimulatedClock(long nowMs)
{
    public long NowMs { get; private set; } = nowMs;

    /// <summary>How far the wall clock of the process is behind, ms; someone has set it back.</summary>
    public long BehindMs { get; set; }

    public void MoveTo(long ms) => NowMs = Math.Max(NowMs, ms);
}
