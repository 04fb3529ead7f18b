namespace StreamInsight.Decisions;

/// <summary>One action as it fared: which gate removed it, or its factors and score. Reused by the <see cref="Ranker"/> that owns it.</summary>
internal sealed class Candidate(CompiledAction action)
{
    public CompiledAction Action => action;

    /// <summary>What removed it; <see cref="Gate.None"/> = nothing.</summary>
    public Gate RemovedBy;

    /// <summary>Channels still open, as a mask.</summary>
    public ulong Channels;

    /// <summary>When the gate that removed it may open by time alone; <see cref="long.MaxValue"/> = unknown or never.</summary>
    public long OpensMs;

    /// <summary>Of a cap: which, by number in the model.</summary>
    public int Cap;

    public double Propensity, Context, Value, Lever;

    /// <summary>P^a · C^b · V^c · L^d.</summary>
    public double Score;

    public long LastShownMs;

    public bool IsExplored;
}
