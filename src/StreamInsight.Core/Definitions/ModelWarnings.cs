namespace StreamInsight.Definitions;

/// <summary>
/// Finds what is allowed but hardly meant. Only what the texts show: two conditions that are true together but written differently are not seen.
/// </summary>
internal static class ModelWarnings
{
    /// <summary>Pairs of transitions compared; a journey with more is large enough to be looked at with other eyes.</summary>
    private const int MaxTransitions = 1_000;

    public static void Add(ModelDefinition model, Faults faults)
    {
        foreach (var segment in model.Segments)
            Segment(segment, faults);
        foreach (var feature in model.Features.Where(f => f.Aggregate == Aggregate.LastK && f.K > (f.ExactMax ?? model.ExactMax)))
            faults.Warn(feature.Mark, $"features.{feature.Name}: k is {feature.K}, but only {feature.ExactMax ?? model.ExactMax} entries are kept (exact_max), so there are never more values");
        if (model.Journey is { } journey)
            Journey(journey, faults);
    }

    private static void Segment(SegmentDefinition segment, Faults faults)
    {
        if (segment.Exit is not { } exit)
            return;
        var path = $"segments.{segment.Name}";
        if (Same(segment.When, exit))
            faults.Warn(exit.Mark, $"{path}.exit: repeats when; where both hold, exit wins, so nobody ever enters");
        else if (IsTrue(exit))
            faults.Warn(exit.Mark, $"{path}.exit: is always true, so nobody ever enters");
    }

    private static void Journey(JourneyDefinition journey, Faults faults)
    {
        var transitions = journey.Transitions;
        for (var i = 0; i < transitions.Count; i++)
            if (transitions[i].From == transitions[i].To)
                faults.Warn(transitions[i].Mark, $"journey.transitions[{i}]: leads from {transitions[i].To} to itself and is never taken; a customer in a stage stays in it anyway");

        var lasting = transitions.Select((t, i) => (t, i)).Where(x => IsLasting(x.t)).Take(MaxTransitions).ToList();
        for (var a = 0; a < lasting.Count; a++)
            for (var b = a + 1; b < lasting.Count; b++)
                if (LeadBack(lasting[a].t, lasting[b].t) && HoldTogether(lasting[a].t, lasting[b].t))
                    faults.Warn(lasting[b].t.Mark, Contradiction(lasting[a], lasting[b]));
    }

    private static string Contradiction((TransitionDefinition Transition, int Index) first, (TransitionDefinition Transition, int Index) second)
    {
        var how = first.Transition.When is null || IsTrue(first.Transition.When) ? "both are always true" : "both have the same condition";
        return $"journey.transitions[{second.Index}]: leads back to where transitions[{first.Index}] leads from, and {how}: while it lasts, the customer moves at every step";
    }

    /// <summary>True where the condition can hold for longer than one step, with no time to pass in between.</summary>
    private static bool IsLasting(TransitionDefinition t) =>
        t is { MinDwellMs: 0, From: not "", To: not "" } && t.From != t.To && (t.When is not null || t.AfterMs is not null) && (t.AfterMs ?? 0) == 0 && (t.When is null || !t.When.Text.Contains("event.", StringComparison.Ordinal));

    /// <summary>True if one leads from where the other leads to, both ways.</summary>
    private static bool LeadBack(TransitionDefinition a, TransitionDefinition b) =>
        a.To != b.To && (a.From == "*" || a.From == b.To) && (b.From == "*" || b.From == a.To);

    private static bool HoldTogether(TransitionDefinition a, TransitionDefinition b)
    {
        var (first, second) = (a.When is null || IsTrue(a.When), b.When is null || IsTrue(b.When));
        return first && second || a.When is not null && b.When is not null && Same(a.When, b.When);
    }

    private static bool IsTrue(ExpressionSource source) => Bare(source.Text) is "true" or "(true)";

    /// <summary>Equal but for spaces.</summary>
    private static bool Same(ExpressionSource a, ExpressionSource b) => Bare(a.Text) == Bare(b.Text);

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
