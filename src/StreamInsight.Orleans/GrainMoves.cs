using global::Orleans.Runtime.Placement;

namespace StreamInsight.Orleans;

/// <summary>A grain follows its partition's worker.</summary>
internal static class GrainMoves
{
    /// <summary>After this call the grain goes to that silo, with nothing: who calls it there gives it what it needs.</summary>
    public static void MoveTo(this Grain grain, SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        grain.MigrateOnIdle();
    }
}
