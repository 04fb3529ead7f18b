using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>Kinds as contracts write them.</summary>
public static class FactKindNames
{
    private static readonly string[] Names =
        ["segment_entered", "segment_left", "stage_changed", "trigger", "actions_changed", "routing_changed", "merged", "erased"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this FactKind kind) => Names[(int)kind];
}
