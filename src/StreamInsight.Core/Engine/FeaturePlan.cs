using StreamInsight.CustomerValue;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Expressions.Library;
using StreamInsight.Features;
using StreamInsight.Features.Aggregates;

namespace StreamInsight.Engine;

/// <summary>Plans the features of a model: what observes which event, and which decision reads what.</summary>
internal sealed class FeaturePlan(ModelDefinition definition, EventSchema events, ModelScopes scopes, ModelPlan plan)
{
    private readonly LocalDays _calendar = new(Zone.Find(definition.Zone) ?? Zone.Utc);
    private readonly Dictionary<string, FeatureRead> _reads = [];
    private readonly Dictionary<string, IReadOnlySet<string>> _pathsOfDerived = [];
    private readonly List<(int EventIndex, Observer Observer)> _observers = [];

    public void PlanObserved(List<ObservedFeature> observed)
    {
        foreach (FeatureDefinition feature in definition.Features.Where(feature => feature.Aggregate != Aggregate.Expr))
        {
            PropertyType? type = TypeOf(feature);
            var target = new ObservedFeature(Create(feature, type));
            observed.Add(target);
            Observe(feature, target);

            Declare(new FeatureRead(feature.Name, target.Feature.Type, new FeatureNode(target.Feature), target));
        }
    }

    /// <summary>What observes each event, by event index + 1; 0 = undeclared events.</summary>
    public Observer[][] ByEvent() =>
        [.. Enumerable.Range(-1, events.Events.Count + 1).Select(index => _observers.Where(o => o.EventIndex == index).Select(o => o.Observer).ToArray())];

    /// <summary>Derived features are compiled after those they read, so that each knows the types of its inputs.</summary>
    public void PlanDerived()
    {
        FeatureDefinition[] derived = [.. definition.Features.Where(feature => feature.Aggregate == Aggregate.Expr)];
        var names = derived.Select(feature => feature.Name).ToList();
        bool hasCycle = false;
        List<int> order = DependencyOrder.Of(
            derived.Length,
            i => SketchPaths(derived, i).Select(path => names.IndexOf(Unprefixed(path))),
            cycle =>
            {
                hasCycle = true;
                plan.Fault(
                    derived[cycle[0]].Mark,
                    $"derived features may not read each other in a circle: {string.Join(" → ", cycle.Append(cycle[0]).Select(i => names[i]))}");
            });
        foreach (int i in hasCycle ? [] : order)
        {
            if (plan.Compile(derived[i].Expression!, scopes.Derived, null) is not { } expression)
            {
                Declare(new FeatureRead(names[i], CelType.Dyn, new ConstantNode(Value.Null), null));   // so that readers are not faulted for it
                continue;
            }

            _pathsOfDerived[names[i]] = expression.Paths;
            Declare(new FeatureRead(names[i], CelType.Nullable(expression.Type), new DerivedNode(expression), null));
        }
    }

    public IEnumerable<FeatureRead> InWrittenOrder() => definition.Features.Where(f => _reads.ContainsKey(f.Name)).Select(f => _reads[f.Name]);

    /// <summary>Notes at each feature, trait, segment, queue and at the journey which decisions read it.</summary>
    public void MarkReaders(ModelPlan into)
    {
        foreach ((int decision, IEnumerable<string> paths) in into.DecisionPaths())
            foreach (string path in paths.SelectMany(Closure).Distinct())
                MarkReader(into, path, decision);
        foreach (Decisions.CompiledAction action in into.Decisions.Actions.Where(action => action.Queue >= 0))
            into.ReadersOfQueue[action.Queue].Set(into.Numbers.OfAction(action.Index));
    }

    private void MarkReader(ModelPlan into, string path, int decision)
    {
        if (path.StartsWith("features.", StringComparison.Ordinal) && _reads.TryGetValue(Unprefixed(path), out FeatureRead? read))
            read.Observed?.Readers.Set(decision);
        else if (path.StartsWith("traits.", StringComparison.Ordinal))
            into.ReadersOfTrait[definition.Traits.ToList().FindIndex(trait => $"traits.{trait.Name}" == path)].Set(decision);
        else if (path.StartsWith("segments.", StringComparison.Ordinal))
            into.ReadersOfSegment[into.DecisionOfSegment(definition.Segments.ToList().FindIndex(segment => $"segments.{segment.Name}" == path))].Set(decision);
        else if (path.StartsWith("journey", StringComparison.Ordinal))
            into.ReadersOfJourney.Set(decision);
        else if (path.StartsWith("queues.", StringComparison.Ordinal))
            into.ReadersOfQueue[definition.Queues.ToList().FindIndex(queue => path.StartsWith($"queues.{queue.Name}.", StringComparison.Ordinal))].Set(decision);
    }

    private IEnumerable<string> Closure(string path)
    {
        if (!path.StartsWith("features.", StringComparison.Ordinal) || !_pathsOfDerived.TryGetValue(Unprefixed(path), out IReadOnlySet<string>? inner))
            return [path];
        return inner.Select(Prefixed).SelectMany(Closure);
    }

    private string Prefixed(string path) => _reads.ContainsKey(path) ? $"features.{path}" : path;

    private static string Unprefixed(string path) => path.StartsWith("features.", StringComparison.Ordinal) ? path["features.".Length..] : path;

    private void Declare(FeatureRead read)
    {
        _reads[read.Name] = read;
        scopes.DeclareFeature(read.Name, read.Type, read.Node);
    }

    /// <summary>The paths a derived feature reads, found before the others' types are known.</summary>
    private IReadOnlySet<string> SketchPaths(FeatureDefinition[] derived, int index)
    {
        var sketch = new ModelScopes(definition, events);
        foreach (FeatureRead read in _reads.Values)
            sketch.DeclareFeature(read.Name, read.Type, read.Node);
        foreach (FeatureDefinition feature in derived)
            sketch.DeclareFeature(feature.Name, CelType.Dyn, new ConstantNode(Value.Null));
        return Cel.Compile(derived[index].Expression!.Text, sketch.Derived, null, [])?.Paths ?? new HashSet<string>();
    }

    private void Observe(FeatureDefinition feature, ObservedFeature target)
    {
        EventDefinition[] over = [.. feature.Events.Where(name => name != "*").Distinct().Select(name => events.Events[events.IndexOf(name)])];
        Condition? where = plan.CompileCondition(
            feature.Where, scopes.Where(feature.Events.Contains("*") ? events.Events : over), $"features.{feature.Name}.where");
        for (int index = -1; index < events.Events.Count; index++)
        {
            long steps = 0;
            for (int step = 0; step < feature.Events.Count; step++)
                if (feature.Events[step] == "*" || (index >= 0 && feature.Events[step] == events.Events[index].ShortName))
                    steps |= 1L << step;
            if (steps != 0)
                _observers.Add((index, ObserverFor(feature, target, index, (int)steps, where)));
        }
    }

    private Observer ObserverFor(FeatureDefinition feature, ObservedFeature target, int index, int steps, Condition? where)
    {
        if (feature.Aggregate == Aggregate.Sequence)
            return new Observer(target, EntryValue.Steps, steps, where);
        int slot = index < 0 ? -1 : events.Events[index].Properties.ToList().FindIndex(property => property.Name == feature.Property);
        return feature.Property switch
        {
            null => new Observer(target, EntryValue.None, 0, where),
            _ when slot >= 0 && !feature.Events.Contains("*") => new Observer(target, EntryValue.Property, slot, where),
            "timestamp" => new Observer(target, EntryValue.Timestamp, 0, where),
            _ => new Observer(target, EntryValue.Channel, 0, where),
        };
    }

    private PropertyType? TypeOf(FeatureDefinition feature)
    {
        if (feature.Property is null)
            return null;
        PropertyDefinition? declared = feature.Events.Where(name => name != "*")
            .SelectMany(name => events.Events[events.IndexOf(name)].Properties).FirstOrDefault(property => property.Name == feature.Property);
        return declared?.Type ?? (feature.Property == "timestamp" ? PropertyType.Timestamp : PropertyType.String);
    }

    private Feature Create(FeatureDefinition feature, PropertyType? type)
    {
        if (feature.Purchases is { } reading)
            return new PurchaseFeature(feature.Name, reading, type, _calendar, feature.ExactMax ?? definition.ExactMax, plan.Memory.Add(0));
        WindowAggregate aggregate = feature.Aggregate switch
        {
            Aggregate.Count => new CountAggregate(),
            Aggregate.Sum when type == PropertyType.Int => new IntSumAggregate(),
            Aggregate.Sum => new SumAggregate(),
            Aggregate.Avg => new AvgAggregate(type!.Value),
            Aggregate.Stddev => new StddevAggregate(type!.Value),
            Aggregate.Min => new ExtremeAggregate(type!.Value, greatest: false),
            Aggregate.Max => new ExtremeAggregate(type!.Value, greatest: true),
            Aggregate.First => new EdgeAggregate(type!.Value, last: false),
            Aggregate.Last => new EdgeAggregate(type!.Value, last: true),
            Aggregate.LastK => new LastKAggregate(type!.Value, feature.K),
            Aggregate.Distinct => new DistinctAggregate(type!.Value),
            Aggregate.Mode => new ModeAggregate(type!.Value),
            Aggregate.Decayed => new DecayedAggregate(type, feature.HalfLifeMs),
            Aggregate.Sequence => new SequenceAggregate(feature.Events.Count, feature.WithinMs),
            Aggregate.Sessions => new SessionsAggregate(feature.GapMs),
            _ => throw new InvalidOperationException($"No aggregate for {feature.Aggregate}."),
        };
        bool hasTexts = type == PropertyType.String && aggregate is not CountAggregate;
        if (feature.WindowMs is null && aggregate.HasTiles)
            return new LifetimeFeature(feature.Name, aggregate, LifetimeFeature.RegionIn(plan.Memory, aggregate, hasTexts));

        bool hasBits = aggregate is SequenceAggregate || (type is not null and not PropertyType.String && aggregate is not CountAggregate);
        MemoryRegion region = WindowFeature.RegionIn(plan.Memory, aggregate, hasBits, hasTexts);
        return new WindowFeature(feature.Name, aggregate, region, feature.WindowMs ?? long.MaxValue, feature.OffsetMs, feature.ExactMax ?? definition.ExactMax);
    }
}
