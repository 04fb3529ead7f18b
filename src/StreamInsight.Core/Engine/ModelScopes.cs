using StreamInsight.Decisions;
using StreamInsight.Definitions;
using StreamInsight.Definitions.Shapes;
using StreamInsight.Events;
using StreamInsight.Expressions;

namespace StreamInsight.Engine;

/// <summary>
/// What names mean in each place of a model: <see cref="Derived"/> (features and traits), <see cref="Decisions"/> (also journey and segments), <see cref="Transitions"/>
/// (also the event), <see cref="Acting"/> (as decisions, and also scores and queues), <see cref="Telling"/> (also the ranking and the routing), and <see cref="Where"/> (the event alone).
/// </summary>
internal sealed class ModelScopes
{
    private const string NoEventHere = "event.* can be read in a feature's where, in journey transitions and in score keys only";

    private readonly ModelDefinition _definition;
    private readonly EventSchema _events;

    public ModelScopes(ModelDefinition definition, EventSchema events)
    {
        _definition = definition;
        _events = events;
        SegmentNumbers = [.. Enumerable.Range(0, definition.Segments.Count)];
        Derived = new Scope(definition.Zone).Forbid("event", NoEventHere).Forbid("journey", "a feature may read features, traits and now only")
            .Forbid("segments", "a feature may read features, traits and now only");
        Decisions = new Scope(definition.Zone).Forbid("event", NoEventHere);
        Transitions = new Scope(definition.Zone);
        Acting = new Scope(definition.Zone).Forbid("event", NoEventHere);
        Telling = new Scope(definition.Zone).Forbid("event", NoEventHere);
        foreach (Scope scope in Everywhere)
        {
            scope.Declare("now", CelType.Timestamp, NowNode.Instance);
            if (scope != Acting && scope != Telling)
                scope.Forbid("scores", "scores can be read by actions and routing only").Forbid("queues", "queues can be read by actions and routing only");
            DeclareTraits(scope);
        }

        foreach (Scope scope in new[] { Decisions, Transitions, Acting, Telling })
        {
            DeclareJourney(scope);
            for (int i = 0; i < definition.Segments.Count; i++)
            {
                int segment = i;
                Declare(scope, $"segments.{definition.Segments[i].Name}", CelType.Bool, new StateNode(c => Value.Bool(c.State.Segments.IsMember(SegmentNumbers[segment]))));
            }
        }

        DeclareEvent(Transitions, events.Events);
        DeclareQueues();
        Telling.Declare("actions", CelType.Dyn, new StateNode(c => DecisionValues.Actions(c.Decider.Describe(c.State))));
        Telling.Declare("routing", CelType.Dyn, new StateNode(c => DecisionValues.Routing(c.State.Decisions?.Routing)));
        DeclareUnclear();
    }

    public Scope Derived { get; }

    public Scope Decisions { get; }

    public Scope Transitions { get; }

    public Scope Acting { get; }

    public Scope Telling { get; }

    /// <summary>By path, what reads it where there is no event.</summary>
    public Dictionary<string, Node> Readers { get; } = [];

    /// <summary>Set while expressions are compiled: some expression reads <c>event.context</c>.</summary>
    public bool ReadsContext { get; set; }

    /// <summary>The number of each segment's decision, by its place in the model; set once the order of decisions is known.</summary>
    public int[] SegmentNumbers { get; }

    private Scope[] Everywhere => [Derived, Decisions, Transitions, Acting, Telling];

    /// <summary>Makes a feature readable; inside <c>features:</c> also without the prefix.</summary>
    public void DeclareFeature(string name, CelType type, Node node)
    {
        foreach (Scope scope in Everywhere)
            Declare(scope, $"features.{name}", type, node);
        Derived.Declare(name, type, node);
    }

    /// <summary>Makes a score readable by what acts. Null = its own declaration is faulty.</summary>
    public void DeclareScore(string name, Node? node)
    {
        foreach (Scope scope in new[] { Acting, Telling })
            Declare(scope, $"scores.{name}", node is null ? CelType.Dyn : CelType.Nullable(CelType.Double), node ?? Faulty);
    }

    private void DeclareQueues()
    {
        for (int i = 0; i < _definition.Queues.Count; i++)
            foreach ((string name, CelType type, Node node) in QueueNode.Of(i, _definition.Queues[i]))
                foreach (Scope scope in new[] { Acting, Telling })
                    Declare(scope, $"queues.{_definition.Queues[i].Name}.{name}", type, node);
    }

    /// <summary>The scope of a <c>where</c> over these events; empty = every interaction.</summary>
    public Scope Where(IReadOnlyList<EventDefinition> over)
    {
        var scope = new Scope(_definition.Zone);
        foreach (string prefix in new[] { "features", "traits", "journey", "segments", "scores", "now" })
            scope.Forbid(prefix, "where may read event.* only");
        DeclareEvent(scope, over);
        return scope;
    }

    private void Declare(Scope scope, string path, CelType type, Node node)
    {
        scope.Declare(path, type, node);
        Readers[path] = node;
    }

    /// <summary>Names whose own declaration is faulty fit everywhere, so that only that fault is reported.</summary>
    private void DeclareUnclear()
    {
        foreach (string name in _definition.Unclear.Where(name => !name.StartsWith("events.", StringComparison.Ordinal)))
            foreach (Scope scope in name.StartsWith("segments.", StringComparison.Ordinal) ? [Decisions, Transitions, Acting, Telling] : name.StartsWith("scores.", StringComparison.Ordinal) ? [Acting, Telling] : Everywhere)
                scope.Declare(name, CelType.Dyn, Faulty);
        foreach (string name in _definition.Unclear.Where(name => name.StartsWith("features.", StringComparison.Ordinal)))
            if (NameRule.Feature.Problem(name["features.".Length..]) is null)
                Derived.Declare(name["features.".Length..], CelType.Dyn, Faulty);
    }

    private static readonly Node Faulty = new StateNode(_ => Value.Null);

    private void DeclareTraits(Scope scope)
    {
        for (int i = 0; i < _definition.Traits.Count; i++)
        {
            int slot = i;
            PropertyDefinition trait = _definition.Traits[i];
            Declare(
                scope,
                $"traits.{trait.Name}",
                CelType.Nullable(Features.Aggregates.CelTypes.Of(trait.Type)),
                new StateNode(c => c.State.Traits is { } traits ? traits[slot] : Value.Null));
        }
    }

    private void DeclareJourney(Scope scope)
    {
        if (_definition.Journey is not { } journey)
        {
            scope.Forbid("journey", "the model has no journey");
            return;
        }

        Value[] names = [.. journey.Stages.Select(Value.String)];
        int initial = Math.Max(0, journey.Stages.ToList().IndexOf(journey.Initial));
        Declare(scope, "journey.stage", CelType.String, new StateNode(c => names[c.State.Journey.Stage]));
        Declare(
            scope, "journey.previous", CelType.Nullable(CelType.String), new StateNode(c => c.State.Journey.Previous < 0 ? Value.Null : names[c.State.Journey.Previous]));
        Declare(scope, "journey.entered_at", CelType.Timestamp, new StateNode(c => Value.TimestampMs(c.State.Journey.EnteredMs)));
        scope.DeclareFunction("journey.entries", [CelType.String], CelType.Int, (IReadOnlyList<Node> arguments, IReadOnlyList<Value?> constants, out string? fault) =>
        {
            int stage = constants[0] is { Kind: ValueKind.String } name ? journey.Stages.ToList().IndexOf(name.AsString) : -1;
            fault = stage < 0 ? $"journey.entries wants the name of a stage in quotes, one of: {string.Join(", ", journey.Stages)}" : null;
            return stage < 0 ? null : new StateNode(c => Value.Int(c.State.Journey.Entries(stage, initial)));
        });
    }

    private void DeclareEvent(Scope scope, IReadOnlyList<EventDefinition> over)
    {
        Value[] shortNames = [.. _events.Events.Select(e => e.ShortName.StartsWith(BuiltInEvents.Hidden, StringComparison.Ordinal) ? Value.Null : Value.String(e.ShortName))];
        scope.Declare("event.name", CelType.Nullable(CelType.String), new EventNode((_, e) => NameOf(e, shortNames)));
        scope.Declare("event.type", CelType.String, new EventNode((_, e) => TypeNames[(int)e.Type]));
        scope.Declare("event.timestamp", CelType.Timestamp, new EventNode((c, _) => Value.TimestampMs(c.EventTimeMs)));
        scope.Declare("event.channel", CelType.String, new EventNode((_, e) => e.Channel is null ? NoChannel : Value.String(e.Channel)));
        scope.Declare("event.context", CelType.Dyn, new EventNode((_, e) => e.Context.IsNull ? NoContext : e.Context));
        foreach (IGrouping<string, PropertyDefinition> property in over.SelectMany(e => e.Properties).GroupBy(p => p.Name))
            DeclareProperty(scope, property.Key, [.. property.Select(p => p.Type).Distinct()]);
        var declared = over.SelectMany(e => e.Properties.Select(p => p.Name)).ToHashSet();
        foreach (string name in _definition.Unclear.Where(name => over.Any(e => name.StartsWith($"events.{e.ShortName}.", StringComparison.Ordinal))))
            if (declared.Add(name.Split('.')[2]))
                scope.Declare($"event.properties.{name.Split('.')[2]}", CelType.Dyn, Faulty);
    }

    private void DeclareProperty(Scope scope, string name, PropertyType[] types)
    {
        int[] slots = [.. _events.Events.Select(e => e.Properties.ToList().FindIndex(p => p.Name == name))];
        Value missing = Value.Error($"the event has no property {name}");
        CelType type = types.Length == 1 ? Features.Aggregates.CelTypes.Of(types[0]) : CelType.Dyn;
        scope.Declare($"event.properties.{name}", type, new EventNode((_, e) =>
        {
            int slot = e.EventIndex < 0 ? -1 : slots[e.EventIndex];
            return slot < 0 || e.Properties[slot].IsNull ? missing : e.Properties[slot];
        }));
    }

    /// <summary>An absent context has no members: what is asked of it is missing, as in an event that has one.</summary>
    private static readonly Value NoContext = CelMap.TryCreate([], out CelMap? empty, out _) ? Value.Map(empty!) : Value.Null;

    private static readonly Value NoChannel = Value.Error("the event has no channel");

    private static readonly Value[] TypeNames = [.. Enum.GetValues<MessageType>().Select(type => Value.String(type.ToString().ToLowerInvariant()))];

    private static Value NameOf(CustomerEvent e, Value[] shortNames) =>
        e.EventIndex >= 0 ? shortNames[e.EventIndex] : e.Type == MessageType.Track ? Value.Null : TypeNames[(int)e.Type];
}
