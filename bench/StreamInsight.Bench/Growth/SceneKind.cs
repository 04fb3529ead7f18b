namespace StreamInsight.Bench.Growth;

internal enum SceneKind
{
    /// <summary>It does nothing any more; the group does not know.</summary>
    Stop,

    /// <summary>It runs again, and is the member that it was.</summary>
    Start,

    /// <summary>The group gives its partitions to others.</summary>
    Leave,

    /// <summary>The group gives it partitions.</summary>
    Join,
}
