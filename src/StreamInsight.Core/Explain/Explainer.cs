using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Journeys;
using StreamInsight.Segments;

namespace StreamInsight.Explain;

/// <summary>Explains a customer from its state, without changing it.</summary>
/// <param name="shared">What customers share; null = nothing is known of queues, and learned scores answer their priors.</param>
public sealed class Explainer(CompiledModel model, SharedState? shared = null)
{
    /// <summary>Instants looked at when searching for the one at which a condition turns.</summary>
    private const int SearchLimit = 10_000;

    private readonly CustomerContext _context = new(model, shared ?? new SharedState(model));

    /// <summary>How the customer stands at its clock, or at <paramref name="atMs"/> if that is later (as if nothing happened meanwhile; its timers are not fired).</summary>
    public Explanation Explain(CustomerState customer, long? atMs = null)
    {
        long nowMs = Math.Max(customer.ClockMs, atMs ?? long.MinValue);
        _context.State = customer;
        _context.Now = nowMs;
        return new Explanation(
            customer.Id,
            nowMs,
            customer.Seq,
            [.. model.FeatureReads.Select(feature => new ExplainedFeature(
                feature.Name,
                ValueAt(feature.Node, nowMs),
                feature.Observed?.Feature.Coverage(ref customer.Memory, nowMs, customer.BornMs)))],
            Journey(customer, nowMs),
            [.. model.Segments.OrderBy(segment => segment.Written).Select(segment => Segment(customer, segment, nowMs))],
            [.. model.Scores.Select(score => new ExplainedScore(score.Name, ValueAt(score.Node, nowMs), score.Learning is not null))],
            Actions(customer, nowMs),
            customer.Decisions?.Routing,
            customer.NextTimerMs == long.MaxValue ? null : customer.NextTimerMs);
    }

    private IReadOnlyList<ExplainedAction> Actions(CustomerState customer, long nowMs)
    {
        _context.Now = nowMs;
        return new ActionExplainer(model, _context, condition => Condition(condition, nowMs)).Explain(customer);
    }

    private ExplainedJourney? Journey(CustomerState customer, long nowMs)
    {
        if (model.Journey is not { } journey)
            return null;
        JourneyState state = customer.Journey;
        var open = new List<ExplainedTransition>();
        foreach (CompiledTransition transition in journey.From(state.Stage))
        {
            if (transition.To == state.Stage)
                continue;
            long dwellMs = state.EnteredMs + transition.DwellMs;
            open.Add(new ExplainedTransition(
                transition.From == CompiledTransition.Anywhere ? "*" : journey.Stages[transition.From],
                journey.Stages[transition.To],
                transition.When is null ? null : Condition(transition.When, nowMs),
                dwellMs > nowMs ? dwellMs : null,
                state.Closed?.Contains(transition.Index) ?? false));
        }

        return new ExplainedJourney(journey.Stages[state.Stage], state.Previous < 0 ? null : journey.Stages[state.Previous], state.EnteredMs, open);
    }

    private ExplainedSegment Segment(CustomerState customer, CompiledSegment segment, long nowMs)
    {
        Membership? standing = customer.Segments.Find(segment.Index);
        bool isMember = standing is { IsMember: true };
        long waitMs = isMember ? segment.MinStayMs : segment.ForMs;
        return new ExplainedSegment(
            segment.Name,
            isMember,
            standing?.SinceMs,
            Condition(segment.When, nowMs),
            segment.Exit is null ? null : Condition(segment.Exit, nowMs),
            standing is { } since && waitMs > 0 && since.SinceMs + waitMs > nowMs ? since.SinceMs + waitMs : null);
    }

    private ExplainedCondition Condition(Condition condition, long nowMs)
    {
        Expression expression = condition.Expression;
        var reads = new List<(string, Value)>();
        foreach (string path in expression.Paths.Order(StringComparer.Ordinal))
            if (path != "now" && model.ReaderOf(path) is { } node)
                reads.Add((path, ValueAt(node, nowMs)));
        return new ExplainedCondition(expression.Source, reads, ValueAt(expression.Root, nowMs), TurnsAt(expression, nowMs));
    }

    private long? TurnsAt(Expression expression, long nowMs)
    {
        bool holds = ValueAt(expression.Root, nowMs).IsTrue;
        for (int look = 0; look < SearchLimit && _context.ValidUntil != long.MaxValue; look++)
        {
            long thenMs = _context.ValidUntil;
            if (ValueAt(expression.Root, thenMs).IsTrue != holds)
                return thenMs;
        }

        return null;
    }

    private Value ValueAt(Node node, long atMs)
    {
        _context.Now = atMs;
        _context.ValidUntil = long.MaxValue;
        return node.Evaluate(_context);
    }
}
