namespace StreamInsight.Bench.Growth;

internal enum Disturbance
{
    None,

    /// <summary>The node with the hottest partition dies and does not come back; the only node does.</summary>
    Kill,

    /// <summary>Up to three nodes, one after another, each back under its name within the session time: nothing moves.</summary>
    RestartByName,

    /// <summary>The same by members without a name: partitions go away, and some come back.</summary>
    RestartNameless,

    /// <summary>All nodes at once, by name.</summary>
    RestartAll,

    /// <summary>A node more.</summary>
    Add,
}
