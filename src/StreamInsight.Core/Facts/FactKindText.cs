namespace StreamInsight.Facts;

/// <summary>The wire names of kinds of facts.</summary>
public static class FactKindText
{
    private static readonly string[] Names =
        ["segment_entered", "segment_left", "stage_changed", "trigger", "actions_changed", "routing_changed", "merged", "erased"];

    /// <summary>Snake case: <c>segment_entered</c>. No allocation.</summary>
    public static string Text(this FactKind kind) => Names[(int)kind];
}
