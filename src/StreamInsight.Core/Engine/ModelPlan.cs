using StreamInsight.Decisions;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Features;
using StreamInsight.Journeys;
using StreamInsight.Segments;

namespace StreamInsight.Engine;

/// <summary>Builds a <see cref="CompiledModel"/>, in the order things depend on each other: features, then segments and journey, then triggers.</summary>
internal sealed class ModelPlan
{
    private readonly List<ModelFault> _faults;
    private readonly int _faultsBefore;
    private readonly ModelScopes _scopes;
    private readonly List<Condition> _conditions = [];

    public ModelPlan(ModelDefinition definition, List<ModelFault> faults)
    {
        Definition = definition;
        _faults = faults;
        _faultsBefore = faults.Count(fault => !fault.IsWarning);
        Events = new EventSchema(WithCalls(definition, BuiltInEvents.Complete(definition, Fault)));
        _scopes = new ModelScopes(definition, Events);
        Decisions = new DecisionPlan(definition, Events, _scopes, this);
        Observers = [];
        Recent = new RecentMessages(Memory, definition.DedupeWindowMs, definition.DedupeMax);
        ReadersOfTrait = new BitRow[definition.Traits.Count];
        ReadersOfSegment = new BitRow[definition.Segments.Count];
        ReadersOfQueue = new BitRow[definition.Queues.Count];
    }

    public ModelDefinition Definition { get; }

    public EventSchema Events { get; }

    public DecisionNumbers Numbers => new(Definition.Segments.Count, Definition.Actions.Count);

    public List<ObservedFeature> Observed { get; } = [];

    public MemoryLayout Memory { get; } = new();

    public RecentMessages Recent { get; }

    public List<FeatureRead> FeatureReads { get; } = [];

    public Observer[][] Observers { get; private set; }

    public CompiledJourney? Journey { get; private set; }

    public List<CompiledSegment> Segments { get; } = [];

    public List<CompiledTrigger> Triggers { get; } = [];

    public DecisionPlan Decisions { get; }

    public IReadOnlyList<Condition> Conditions => _conditions;

    public IReadOnlyDictionary<string, Node> Readers => _scopes.Readers;

    public BitRow[] ReadersOfTrait { get; }

    public BitRow[] ReadersOfSegment { get; }

    public BitRow[] ReadersOfQueue { get; }

    public BitRow ReadersOfJourney;

    public CompiledModel? Build()
    {
        var features = new FeaturePlan(Definition, Events, _scopes, this);
        features.PlanObserved(Observed);
        Observers = features.ByEvent();
        features.PlanDerived();
        FeatureReads.AddRange(features.InWrittenOrder());

        PlanSegments();
        PlanJourney();
        Decisions.Build();
        PlanTriggers();
        if (Definition.Unclear.Count > 0 || _faults.Count(fault => !fault.IsWarning) > _faultsBefore)
            return null;
        features.MarkReaders(this);
        Events.ReadsContext = _scopes.ReadsContext;
        return new CompiledModel(this);
    }

    /// <summary>Compiles an expression of the model; its faults and warnings are placed in the model file.</summary>
    public Expression? Compile(ExpressionSource source, Scope scope, CelType? expected)
    {
        var faults = new List<ExpressionFault>();
        Expression? expression = Cel.Compile(source.Text, scope, expected, faults);
        foreach (ExpressionFault fault in faults)
            _faults.Add(new ModelFault(At(source, fault), fault.Message));
        foreach (ExpressionFault warning in expression?.Warnings ?? [])
            _faults.Add(new ModelFault(At(source, warning), warning.Message, IsWarning: true));
        if (expression?.Paths.Any(path => path.StartsWith("event.context", StringComparison.Ordinal)) ?? false)
            _scopes.ReadsContext = true;
        return expression;
    }

    public Condition? CompileCondition(ExpressionSource? source, Scope scope, string where)
    {
        if (source is null || Compile(source, scope, CelType.Bool) is not { } expression)
            return null;
        var condition = new Condition(_conditions.Count, where, expression);
        _conditions.Add(condition);
        return condition;
    }

    private static Mark At(ExpressionSource source, ExpressionFault fault) => fault.Line == 1 ? source.At(fault.Column - 1) : source.Mark;

    /// <summary>The number of a segment's decision, by its place in the model.</summary>
    public int DecisionOfSegment(int written) => _scopes.SegmentNumbers[written];

    public void Fault(Mark mark, string message) => _faults.Add(new ModelFault(mark, message));

    private void PlanSegments()
    {
        for (int i = 0; i < Definition.Segments.Count; i++)
        {
            SegmentDefinition segment = Definition.Segments[i];
            Condition? when = CompileCondition(segment.When, _scopes.Decisions, $"segments.{segment.Name}.when");
            Condition? exit = CompileCondition(segment.Exit, _scopes.Decisions, $"segments.{segment.Name}.exit");
            if (when is not null)
                Segments.Add(new CompiledSegment(i, i, segment.Name, when, exit, segment.ForMs, segment.MinStayMs));
        }

        if (Segments.Count < Definition.Segments.Count)
            return;
        var names = Definition.Segments.Select(segment => segment.Name).ToList();
        List<int> order = DependencyOrder.Of(
            Segments.Count,
            i => PathsOf(Segments[i]).Where(path => path.StartsWith("segments.", StringComparison.Ordinal)).Select(path => names.IndexOf(path["segments.".Length..])),
            cycle => Fault(
                Definition.Segments[cycle[0]].Mark,
                $"segments may not read each other in a circle: {string.Join(" → ", cycle.Append(cycle[0]).Select(i => names[i]))}"));
        CompiledSegment[] written = [.. Segments];
        Segments.Clear();
        foreach (int i in order)
        {
            _scopes.SegmentNumbers[i] = Segments.Count;
            Segments.Add(written[i] with { Index = Segments.Count });
        }
    }

    private void PlanJourney()
    {
        if (Definition.Journey is not { } journey)
            return;
        var stages = journey.Stages.ToList();
        var transitions = new List<CompiledTransition>();
        foreach (TransitionDefinition transition in journey.Transitions)
        {
            Condition? when = CompileCondition(transition.When, _scopes.Transitions, $"journey.{transition.From} → {transition.To}");
            int from = transition.From == "*" ? CompiledTransition.Anywhere : stages.IndexOf(transition.From);
            transitions.Add(new CompiledTransition(
                transitions.Count, from, stages.IndexOf(transition.To), when, Math.Max(transition.AfterMs ?? 0, transition.MinDwellMs)));
        }

        Journey = new CompiledJourney(stages, Math.Max(0, stages.IndexOf(journey.Initial)), transitions);
    }

    private void PlanTriggers()
    {
        foreach (TriggerDefinition trigger in Definition.Triggers)
        {
            var with = new List<(string, Expression)>();
            foreach (ExpressionSource source in trigger.With)
                if (Compile(source, _scopes.Telling, null) is { } expression)
                    with.Add((source.Text, expression));
            FactKind on = trigger.On switch
            {
                TriggerOn.Entered => FactKind.SegmentEntered,
                TriggerOn.Left => FactKind.SegmentLeft,
                _ => FactKind.StageChanged,
            };
            Triggers.Add(new CompiledTrigger(trigger, on, trigger.Target == "*" ? null : trigger.Target, with));
        }
    }

    private static IEnumerable<string> PathsOf(CompiledSegment segment) =>
        segment.When.Expression.Paths.Concat(segment.Exit?.Expression.Paths ?? Enumerable.Empty<string>());

    /// <summary>Every decision by number, with the paths it reads.</summary>
    public IEnumerable<(int Decision, IEnumerable<string> Paths)> DecisionPaths()
    {
        foreach (CompiledSegment segment in Segments)
            yield return (segment.Index, PathsOf(segment));
        if (Journey is not null)
            yield return (Numbers.Journey, Journey.Transitions.SelectMany(t => t.When?.Expression.Paths ?? Enumerable.Empty<string>()));
        foreach (CompiledAction action in Decisions.Actions)
            yield return (Numbers.OfAction(action.Index), Decisions.PathsOfGates(action));
        yield return (Numbers.Ranking, Decisions.PathsOfScores());
        foreach (RoutingField field in Enum.GetValues<RoutingField>())
            yield return (Numbers.OfRouting(field), Decisions.PathsOf(field));
    }

    /// <summary>Page and screen calls are events even if the model does not declare them; they have no properties then.</summary>
    private static ModelDefinition WithCalls(ModelDefinition definition, List<EventDefinition> events)
    {
        string[] missing = [.. new[] { "page", "screen" }.Where(call => events.All(e => e.ShortName != call))];
        return new ModelDefinition
        {
            Name = definition.Name,
            Version = definition.Version,
            Traits = definition.Traits,
            Events = [.. events, .. missing.Select(call => new EventDefinition(call, UnreachableWireName + call, [], default))],
        };
    }

    /// <summary>No track message can carry it: page and screen are known by their call.</summary>
    private const string UnreachableWireName = "\0";
}
