using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Features;
using StreamInsight.Journeys;
using StreamInsight.Segments;

namespace StreamInsight;

using Definitions;

/// <summary>
/// An insight model ready to run: names resolved, expressions checked and planned, and for each event and each decision known what it touches.
/// Immutable; shared by all engines.
/// </summary>
public sealed class CompiledModel
{
    private readonly Observer[][] _observers;   // by event index + 1; 0 = undeclared
    private readonly BitRow[] _readersOfTrait;
    private readonly BitRow[] _readersOfSegment;
    private readonly BitRow[] _readersOfQueue;
    private readonly IReadOnlyDictionary<string, Node> _readers;
    private readonly EventRole[] _roles;

    internal CompiledModel(ModelPlan plan)
    {
        Definition = plan.Definition;
        Id = plan.Definition.Id;
        Events = plan.Events;
        Observed = plan.Observed;
        Memory = plan.Memory;
        Recent = plan.Recent;
        FeatureReads = plan.FeatureReads;
        Journey = plan.Journey;
        Segments = plan.Segments;
        Triggers = plan.Triggers;
        Conditions = plan.Conditions;
        _observers = plan.Observers;
        _readersOfTrait = plan.ReadersOfTrait;
        _readersOfSegment = plan.ReadersOfSegment;
        ReadersOfJourney = plan.ReadersOfJourney;
        _readers = plan.Readers;
        Scores = plan.Decisions.Scores;
        Learnings = plan.Decisions.Learnings;
        Channels = plan.Decisions.Channels;
        Actions = plan.Decisions.Actions;
        Policy = plan.Decisions.Policy;
        Routing = plan.Decisions.Routing;
        _roles = plan.Decisions.Roles;
        Numbers = plan.Numbers;
        foreach ((int decision, IEnumerable<string> paths) in plan.DecisionPaths())
            if (decision != Numbers.Ranking && plan.Decisions.IsSampled(paths))
                Sampled.Set(decision);
        _readersOfQueue = plan.ReadersOfQueue;
    }

    public ModelDefinition Definition { get; }

    /// <summary><c>name@version</c>.</summary>
    public string Id { get; }

    /// <summary>What the message decoder needs to know.</summary>
    public EventSchema Events { get; }

    /// <summary>Segments such that one comes after those it reads; <see cref="CompiledSegment.Written"/> tells their order in the model.</summary>
    public IReadOnlyList<CompiledSegment> Segments { get; }

    /// <summary>Null where the model has none.</summary>
    public CompiledJourney? Journey { get; }

    /// <summary>Every condition, for counting errors.</summary>
    public IReadOnlyList<Condition> Conditions { get; }

    /// <summary>Features that observe events, by index of their state.</summary>
    internal IReadOnlyList<ObservedFeature> Observed { get; }

    /// <summary>How the memory of every customer is laid out.</summary>
    internal MemoryLayout Memory { get; }

    /// <summary>The messageIds of late.</summary>
    internal RecentMessages Recent { get; }

    /// <summary>Every feature in written order, observed and derived, and how it is read.</summary>
    internal IReadOnlyList<FeatureRead> FeatureReads { get; }

    internal IReadOnlyList<CompiledTrigger> Triggers { get; }

    /// <summary>In written order.</summary>
    public IReadOnlyList<CompiledScore> Scores { get; }

    /// <summary>Those of the scores that learn.</summary>
    public IReadOnlyList<CompiledLearning> Learnings { get; }

    /// <summary>Every channel that an action names, by number.</summary>
    public IReadOnlyList<string> Channels { get; }

    /// <summary>In written order.</summary>
    public IReadOnlyList<CompiledAction> Actions { get; }

    public CompiledPolicy Policy { get; }

    /// <summary>Null where the model has none.</summary>
    public CompiledRouting? Routing { get; }

    internal BitRow ReadersOfJourney { get; }

    internal DecisionNumbers Numbers { get; }

    /// <summary>Decisions that read learned scores, which move without the customer, and so are judged at every step; the ranking asks each action (<see cref="CompiledAction.Sampling"/>).</summary>
    internal readonly BitRow Sampled;

    /// <summary>Whether what queues tell may change what this model decides.</summary>
    internal bool ReadsQueues => Definition.Queues.Count > 0 && (Actions.Count > 0 || Routing is not null);

    /// <summary>A decision that the first step after a load makes in any case; the stored timer stands with it. -1 = the model decides nothing.</summary>
    internal int FirstDecision =>
        Journey is not null ? Numbers.Journey : Segments.Count > 0 ? 0 : Actions.Count > 0 ? Numbers.OfAction(0) : Routing is not null ? Numbers.OfRouting(default) : -1;

    /// <summary>What an event means to decisions.</summary>
    public EventRole RoleOf(int eventIndex) => eventIndex < 0 ? EventRole.None : _roles[eventIndex];

    /// <summary>The slot of an event's property; -1 = it is not declared.</summary>
    internal int SlotOf(int eventIndex, string property)
    {
        IReadOnlyList<PropertyDefinition> properties = Events.Events[eventIndex].Properties;
        for (int slot = 0; slot < properties.Count; slot++)
            if (properties[slot].Name == property)
                return slot;
        return -1;
    }

    internal ReadOnlySpan<Observer> ObserversOf(int eventIndex) => _observers[eventIndex + 1];

    internal ref readonly BitRow ReadersOfTrait(int slot) => ref _readersOfTrait[slot];

    internal ref readonly BitRow ReadersOfQueue(int queue) => ref _readersOfQueue[queue];

    internal ref readonly BitRow ReadersOfSegment(int segment) => ref _readersOfSegment[segment];

    /// <summary>The node that reads a path such as <c>features.calls_7d</c>; null = no such path outside an event.</summary>
    internal Node? ReaderOf(string path) => _readers.GetValueOrDefault(path);

    /// <summary>The segments a customer is in, in written order.</summary>
    public IEnumerable<CompiledSegment> SegmentsOf(CustomerState customer)
    {
        var segments = new List<CompiledSegment>();
        foreach (ref readonly Membership standing in customer.Memberships)
            if (standing.IsMember)
                segments.Add(Segments[standing.Segment]);
        return segments.OrderBy(segment => segment.Written);
    }

    /// <summary>Plans a model that was read without faults. Adds every fault and warning of its expressions; null if there is a fault.</summary>
    public static CompiledModel? Compile(ModelDefinition definition, List<ModelFault> faults) => new ModelPlan(definition, faults).Build();
}
