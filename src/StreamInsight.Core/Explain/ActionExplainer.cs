using System.Globalization;
using StreamInsight.Decisions;
using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Facts;

namespace StreamInsight.Explain;

/// <summary>Why each action is offered or not, and what would change that. Reads; never trains, never reserves.</summary>
internal sealed class ActionExplainer(CompiledModel model, CustomerContext context, Func<Condition, ExplainedCondition> explain)
{
    private readonly Ranker _ranker = new(model, context);

    public IReadOnlyList<ExplainedAction> Explain(CustomerState customer)
    {
        long nowMs = context.Now;
        Candidate[] ranked = [.. _ranker.Rank(-1, int.MaxValue)];
        var explained = new List<ExplainedAction>();
        foreach (Candidate candidate in _ranker.All)
        {
            CompiledAction action = candidate.Action;
            int place = Array.IndexOf(ranked, candidate);
            ExplainedCap[] caps = action.IsCommercial ? [.. CapsOf(customer, action)] : [];
            ExplainedCondition eligible = explain(action.Eligible);
            (string, ExplainedCondition?)[] consent = [.. ConsentOf(action).Select(c => (c.Name, c.Condition is null ? null : explain(c.Condition)))];
            context.Now = nowMs;
            explained.Add(new ExplainedAction(
                action.Name,
                place >= 0 ? null : GateText.Of(candidate.RemovedBy),
                place >= 0 ? place + 1 : null,
                candidate.OpensMs == long.MaxValue ? null : candidate.OpensMs,
                place >= 0 ? null : ChangeOf(candidate, eligible, consent),
                [.. action.Channels.Where(channel => (candidate.Channels >> channel & 1) != 0).Select(channel => model.Channels[channel])],
                eligible,
                consent,
                caps,
                place >= 0 ? new ExplainedFactors(candidate.Propensity, candidate.Context, candidate.Value, candidate.Lever, candidate.Score) : null,
                candidate.IsExplored));
        }

        return explained;
    }

    private IEnumerable<ExplainedCap> CapsOf(CustomerState customer, CompiledAction action)
    {
        foreach (CompiledCap cap in model.Policy.Caps)
        {
            if ((cap.Channel >= 0 && !action.Channels.Contains(cap.Channel)) || (cap.Topic is not null && cap.Topic != action.Definition.Topic))
                continue;
            long freesMs = long.MaxValue;
            int count = customer.Decisions?.Count(cap, model.Actions, context.Now, out freesMs) ?? 0;
            yield return new ExplainedCap(cap.Channel < 0 ? null : model.Channels[cap.Channel], cap.Topic, cap.Max, cap.WindowMs, count, freesMs == long.MaxValue ? null : freesMs);
        }
    }

    private IEnumerable<(string Name, Condition? Condition)> ConsentOf(CompiledAction action)
    {
        if (model.Policy.ChannelConsent is not { } consents)
            yield break;
        foreach (int channel in action.Channels)
            yield return (model.Channels[channel], consents[channel]);
        if (action.Definition.Purpose is { } purpose && model.Policy.PurposeConsent.TryGetValue(purpose, out Condition? agreed))
            yield return (purpose, agreed);
    }

    private string ChangeOf(Candidate candidate, ExplainedCondition eligible, (string Name, ExplainedCondition? Condition)[] consent) => candidate.RemovedBy switch
    {
        Gate.Eligibility => $"{eligible.Text} must become true" + (eligible.TurnsAtMs is { } turns ? $"; if nothing happens it does at {InstantText.Of(turns)}" : ""),
        Gate.Consent => string.Join(
            " or ",
            consent.Where(c => c.Condition is not { Result.IsTrue: true })
                .Select(c => c.Condition is null ? $"policy.consent must name {c.Name}" : $"consent for {c.Name}: {c.Condition.Text} must become true")),
        Gate.Holdout => "nothing: the customer is in the control group, as long as policy.holdout keeps its share and salt",
        Gate.Cap => CapChange(model.Policy.Caps[candidate.Cap], candidate.OpensMs),
        Gate.Pause => $"declines pause it until {InstantText.Of(candidate.OpensMs)}",
        Gate.QuietHours when candidate.OpensMs == long.MaxValue => "the customer's time zone is unknown and policy.quiet.unknown_zone is hold: set the zone, or choose send or a zone",
        Gate.QuietHours => $"quiet hours end at {InstantText.Of(candidate.OpensMs)}",
        Gate.Capacity => CapacityChange(model.Definition.Queues[candidate.Action.Queue]),
        Gate.Value => "propensity, context, value or lever is no number from 0 up; the values it reads tell which",
        _ => "",
    };

    private string CapChange(CompiledCap cap, long opensMs)
    {
        string where = (cap.Channel < 0 ? "" : $" on {model.Channels[cap.Channel]}") + (cap.Topic is null ? "" : $" about {cap.Topic}");
        string when = opensMs == long.MaxValue ? "" : $"; the next place is free at {InstantText.Of(opensMs)}";
        return $"the cap of {cap.Max} contacts{where} within {Duration.Format(cap.WindowMs)} is reached{when}";
    }

    private string CapacityChange(QueueDefinition queue) => string.Create(
        CultureInfo.InvariantCulture,
        $"the service level of queue {queue.Name} must be at least {queue.Target}; it is {context.Shared.Queues.ServiceLevel(model.Definition.Queues.ToList().IndexOf(queue), context.Now)}");
}
