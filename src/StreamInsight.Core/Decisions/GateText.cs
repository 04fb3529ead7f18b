namespace StreamInsight.Decisions;

/// <summary>Gates by the names that people and JSON read.</summary>
public static class GateText
{
    private static readonly string[] Names = ["none", "channel", "eligibility", "consent", "holdout", "cap", "pause", "quiet_hours", "capacity", "value"];

    public static string Of(Gate gate) => Names[(int)gate];
}
