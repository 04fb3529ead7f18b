namespace StreamInsight.Events;

/// <summary>The wire names of refusals, as dead letters and metrics carry them.</summary>
public static class RefusalReason
{
    private static readonly string[] Names =
    [
        "none", "too_large", "too_deep", "not_json", "no_type", "no_event_name", "no_identity", "bad_timestamp", "bad_property", "future",
        "erased", "late", "duplicate", "stopped", "unknown_decision",
    ];

    /// <summary>Every refusal there is, in order of judgement, without <see cref="Refusal.None"/>.</summary>
    public static IReadOnlyList<Refusal> All { get; } = Enum.GetValues<Refusal>()[1..];

    /// <summary>Snake case: <c>bad_timestamp</c>. No allocation.</summary>
    public static string Reason(this Refusal refusal) => Names[(int)refusal];
}
