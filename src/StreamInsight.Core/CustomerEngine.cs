using StreamInsight.Decisions;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Features;
using StreamInsight.Journeys;
using StreamInsight.Segments;

namespace StreamInsight;

/// <summary>
/// The whole flow of one record through one customer (semantics, sections 2 to 8). Pure: what comes out depends on the state and the record alone.
/// One engine a thread; it owns working memory, the model is shared.
/// <para>
/// A <em>decision</em> is the journey as a whole or one segment. Each remembers nothing but whether it is settled: nothing it reads has changed
/// since it was judged, and the instant until which the clock cannot turn it (<see cref="Flips"/>) has not come. Only unsettled decisions are judged, so an
/// event costs what it touches.
/// </para>
/// </summary>
public sealed partial class CustomerEngine
{
    private readonly CompiledModel _model;
    private readonly CustomerContext _context;
    private readonly Decider _decider;
    private readonly Step _step = new();
    private readonly List<int> _closed = [];

    // As the last step left them: what is closed is settled at a step's end, not between its passes.
    private int[]? _closedBefore;

    /// <param name="shared">What this engine's customers share; null = nothing is known of queues, and scores begin at their priors.</param>
    public CustomerEngine(CompiledModel model, SharedState? shared = null)
    {
        _model = model;
        Shared = shared ?? new SharedState(model);
        _context = new CustomerContext(model, Shared);
        _decider = _context.Decider = new Decider(model, _context);
        ErrorCounts = new long[model.Conditions.Count];
    }

    public CompiledModel Model => _model;

    /// <summary>What this engine's customers share.</summary>
    public SharedState Shared { get; }

    /// <summary>The decision that the last <see cref="Apply"/> made because the record asked for one; null = it did not.</summary>
    public DecisionRecord? Decided { get; private set; }

    /// <summary>Conditions that ended in an error and so counted as false, by <see cref="Condition.Index"/>.</summary>
    public long[] ErrorCounts { get; }

    /// <summary>A customer at the record that may become its first accepted one; it exists only if <see cref="Apply"/> accepts that.</summary>
    public CustomerState Create(string id, long recordTimeMs) => new(id, _model, recordTimeMs);

    /// <summary>
    /// One record of this customer, steps 1 to 6. A record refused while decoding still moves the clock and fires timers; its refusal is returned.
    /// </summary>
    public Refusal Apply(CustomerState customer, CustomerEvent message, SourcePosition position, List<Fact> facts)
    {
        Decided = null;
        Advance(customer, message.RecordTimeMs, facts);
        if (message.Refusal != Refusal.None)
            return message.Refusal;

        long timeMs = Math.Min(message.TimestampMs, customer.ClockMs);
        if (customer.ClockMs - timeMs > _model.Definition.LatenessMs)
            return Refusal.Late;
        if (!_decider.KnowsDecision(customer, message))
            return Refusal.UnknownDecision;
        if (!_model.Recent.Admit(ref customer.Memory, message.MessageId.Span, customer.ClockMs))
            return Refusal.Duplicate;

        Bind(customer, customer.ClockMs, message, timeMs);
        if (message.Type is MessageType.Identify or MessageType.Group)
            SetTraits(customer, message);
        _step.Begin(StepKind.Event, customer.Journey.Stage, message, position);
        if (_model.RoleOf(message.EventIndex) == EventRole.DecisionRequested)
            Decided = _decider.Decide(customer, message, _step.Cause);
        else if (message.IsInteraction)
            Observe(customer, message, timeMs);
        Evaluate(customer, facts);
        return Refusal.None;
    }

    /// <summary>
    /// Reads what <see cref="Apply"/> will read first. Called for some customers in turn before they are applied, it lets their cache misses overlap; it changes nothing,
    /// and what it returns means nothing.
    /// </summary>
    public static long Touch(CustomerState customer) => customer.Memory.Touch();

    /// <summary>Moves the clock to at least <paramref name="untilMs"/>; timers due on the way fire first, each at its own instant.</summary>
    public void Advance(CustomerState customer, long untilMs, List<Fact> facts)
    {
        while (customer.NextTimerMs <= untilMs)
        {
            customer.ClockMs = Math.Max(customer.ClockMs, customer.NextTimerMs);
            Bind(customer, customer.NextTimerMs, null, 0);
            _step.Begin(StepKind.Timer, customer.Journey.Stage);
            Evaluate(customer, facts);
        }

        customer.ClockMs = Math.Max(customer.ClockMs, untilMs);
    }

    /// <summary>A message about a queue: it belongs to no customer and wakes none; who decides next reads it.</summary>
    public void ApplyQueue(CustomerEvent message) => _decider.ApplyQueue(message);

    /// <summary>The ranking as it was told, with scores and texts of the customer's clock.</summary>
    public IReadOnlyList<RankedAction> ActionsOf(CustomerState customer)
    {
        Bind(customer, customer.ClockMs, null, 0);
        return _decider.Describe(customer);
    }

    /// <summary>The routing as it was told; null = none.</summary>
    public static RoutingDecision? RoutingOf(CustomerState customer) => customer.Decisions?.Routing;

    private void Bind(CustomerState customer, long nowMs, CustomerEvent? message, long timeMs)
    {
        _context.State = customer;
        _context.Now = nowMs;
        _context.Event = message;
        _context.EventTimeMs = timeMs;
    }

    private void SetTraits(CustomerState customer, CustomerEvent message)
    {
        for (int slot = 0; slot < _model.Definition.Traits.Count; slot++)
        {
            Value value = message.Traits[slot];
            if (value.IsNull)
                continue;
            customer.Traits ??= new Value[_model.Definition.Traits.Count];
            customer.Traits[slot] = value;
            customer.Settled.Except(_model.ReadersOfTrait(slot));
        }
    }

    private void Observe(CustomerState customer, CustomerEvent message, long timeMs)
    {
        _decider.Observe(customer, message, timeMs);
        foreach (Observer observer in _model.ObserversOf(message.EventIndex))
        {
            if (observer.Where is not null && !Holds(observer.Where))
                continue;
            Entry entry = observer.Value switch
            {
                EntryValue.None => new Entry(timeMs, 0, null),
                EntryValue.Property => Entry.Of(timeMs, message.Properties[observer.Slot]),
                EntryValue.Timestamp => new Entry(timeMs, timeMs, null),
                EntryValue.Channel => new Entry(timeMs, 0, message.Channel),
                _ => new Entry(timeMs, observer.Slot, null),
            };
            bool isMissing = observer.Value == EntryValue.Property ? message.Properties[observer.Slot].IsNull : observer.Value == EntryValue.Channel && message.Channel is null;
            if (isMissing)
                continue;
            observer.Target.Feature.Observe(ref customer.Memory, entry, customer.ClockMs);
            customer.Settled.Except(observer.Target.Readers);
        }
    }

    /// <summary>Journey and segments, again both while anything turned; then the facts of the step and the customer's next timer.</summary>
    private void Evaluate(CustomerState customer, List<Fact> facts)
    {
        customer.Flips.Unsettle(_context.Now, ref customer.Settled);
        customer.Settled.Except(_model.Sampled);
        if (_model.Journey is { } journey
            && _step.Kind != StepKind.Timer && (journey.ReadsEvent(customer.Journey.Stage) || customer.Journey.Closed is not null))
            customer.Settled.Clear(_model.Numbers.Journey);
        if (_step.Kind != StepKind.Timer)
            customer.Journey.Closed = null;
        _closedBefore = customer.Journey.Closed;

        bool turned;
        do
        {
            turned = _model.Journey is not null && !customer.Settled[_model.Numbers.Journey] && Walk(customer, _model.Journey);
            turned |= JudgeSegments(customer);
        }
        while (turned);
        _decider.Judge(customer, _step);

        Tell(customer, facts);
        customer.NextTimerMs = customer.Flips.NextMs;
        if (customer.NextTimerMs <= _context.Now)
            throw new InvalidOperationException($"A timer of {_model.Id} is due at {customer.NextTimerMs}, not after the step at {_context.Now}.");
    }

    /// <summary>Takes transitions from the current stage while one holds whose stage was not visited in this step. True if any was taken.</summary>
    private bool Walk(CustomerState customer, CompiledJourney journey)
    {
        bool moved = false;
        while (Next(customer, journey) is { } transition)
        {
            _step.Hops.Add((customer.Journey.Stage, transition.To));
            _step.Visited.Add(transition.To);
            customer.Journey.MoveTo(transition.To, _context.Now);
            customer.Settled.Except(_model.ReadersOfJourney);
            moved = true;
        }

        customer.Journey.Closed = _closed.Count == 0 ? null : [.. _closed];
        customer.Flips.Set(_model.Numbers.Journey, _context.ValidUntil);
        customer.Settled.Set(_model.Numbers.Journey);
        return moved;
    }

    /// <summary>The transition to take now. If there is none, notes which of them hold nevertheless: they are closed to timer steps.</summary>
    private CompiledTransition? Next(CustomerState customer, CompiledJourney journey)
    {
        _context.ValidUntil = long.MaxValue;
        _closed.Clear();
        foreach (CompiledTransition transition in journey.From(customer.Journey.Stage))
        {
            if (!Holds(customer, transition))
                continue;
            bool isClosed = _closedBefore is not null && _closedBefore.Contains(transition.Index);
            if (!isClosed && !_step.Visited.Contains(transition.To))
                return transition;
            if (HoldsWithoutEvent(customer, transition))
                _closed.Add(transition.Index);
        }

        return null;
    }

    /// <summary>
    /// A timer step has no event, so that one that holds by the event alone does not hold from the next millisecond on: it is open then, and what else makes it
    /// hold tells when.
    /// </summary>
    private bool HoldsWithoutEvent(CustomerState customer, CompiledTransition transition)
    {
        if (_context.Event is not { } message || transition.When is not { ReadsEvent: true })
            return true;
        _context.Event = null;
        bool holds = Holds(customer, transition);
        _context.Event = message;
        return holds;
    }

    private bool Holds(CustomerState customer, CompiledTransition transition)
    {
        long dwelledMs = customer.Journey.EnteredMs + transition.DwellMs;
        if (_context.Now >= dwelledMs)
            return transition.When is null || Holds(transition.When);
        _context.Until(dwelledMs);
        return false;
    }

    private bool JudgeSegments(CustomerState customer)
    {
        bool turned = false;
        int count = _model.Segments.Count;
        for (int index = customer.Settled.NextClear(0, count); index < count; index = customer.Settled.NextClear(index + 1, count))
        {
            _context.ValidUntil = long.MaxValue;
            if (Judge(customer, _model.Segments[index]))
            {
                customer.Settled.Except(_model.ReadersOfSegment(index));
                turned = true;
                continue;   // judged again as what it is now
            }

            customer.Flips.Set(index, _context.ValidUntil);
            customer.Settled.Set(index);
        }

        return turned;
    }

    /// <summary>Enters or leaves one segment if it is time; true if it turned.</summary>
    private bool Judge(CustomerState customer, CompiledSegment segment)
    {
        Membership? standing = customer.Segments.Find(segment.Index);
        if (standing is { IsMember: true } member)
        {
            bool isOut = segment.Exit is null ? !Holds(segment.When) : Holds(segment.Exit);
            long freeMs = member.SinceMs + segment.MinStayMs;
            if (isOut && _context.Now < freeMs)
                _context.Until(freeMs);
            if (!isOut || _context.Now < freeMs)
                return false;
            _step.Remember(segment.Index, true);
            customer.Segments.Remove(segment.Index);
            return true;
        }

        bool isIn = Holds(segment.When) && (segment.Exit is null || !Holds(segment.Exit));
        if (!isIn)
        {
            if (standing is not null)
                customer.Segments.Remove(segment.Index);
            return false;
        }

        long sinceMs = standing?.SinceMs ?? _context.Now;
        if (_context.Now < sinceMs + segment.ForMs)
        {
            customer.Segments.Set(new Membership(segment.Index, false, sinceMs));
            _context.Until(sinceMs + segment.ForMs);
            return false;
        }

        _step.Remember(segment.Index, false);
        customer.Segments.Set(new Membership(segment.Index, true, _context.Now));
        return true;
    }

    private bool Holds(Condition condition)
    {
        Value value = condition.Expression.Evaluate(_context);
        if (value.IsError && (_context.Event is not null || !condition.ReadsEvent))
            ErrorCounts[condition.Index]++;
        return value.IsTrue;
    }

    /// <summary>
    /// Facts of the step: merged, stage changes as taken, segments' net changes in written order, triggers, per fact in order, then a ranking and a routing that changed.
    /// </summary>
    private void Tell(CustomerState customer, List<Fact> facts)
    {
        if (_step.IsQuiet)
            return;

        int first = facts.Count;
        if (_step.MergedFrom is { } from)
            Emit(customer, facts, FactKind.Merged, from);
        foreach ((int stageFrom, int stageTo) in _step.Hops)
            Emit(customer, facts, FactKind.StageChanged, null, _model.Journey!.Stages[stageFrom], _model.Journey.Stages[stageTo]);

        _step.Turned.Sort((a, b) => _model.Segments[a.Segment].Written.CompareTo(_model.Segments[b.Segment].Written));
        foreach ((int segment, bool was) in _step.Turned)
            if (customer.Segments.IsMember(segment) is var isMember && isMember != was)
                Emit(customer, facts, isMember ? FactKind.SegmentEntered : FactKind.SegmentLeft, _model.Segments[segment].Name);

        int end = facts.Count;
        for (int i = first; i < end && _model.Triggers.Count > 0; i++)
            Trigger(customer, facts[i], facts);
        if (_step.ActionsChanged)
            Emit(customer, facts, FactKind.ActionsChanged, null, actions: _decider.Describe(customer));
        if (_step.RoutingChanged)
            Emit(customer, facts, FactKind.RoutingChanged, null, routing: customer.Decisions!.Routing);
    }

    private void Trigger(CustomerState customer, Fact fact, List<Fact> facts)
    {
        foreach (CompiledTrigger trigger in _model.Triggers)
        {
            if (!trigger.Matches(fact.Kind, fact.Kind == FactKind.StageChanged ? fact.To : fact.Subject))
                continue;
            _context.Event = null;
            var with = new KeyValuePair<string, Value>[trigger.With.Count];
            for (int i = 0; i < with.Length; i++)
                with[i] = new(trigger.With[i].Path, OrNull(trigger.With[i].Expression.Evaluate(_context)));
            Emit(customer, facts, FactKind.Trigger, trigger.Definition.Name, on: fact.Seq, with: with);
        }
    }

    private static Value OrNull(Value value) => value.IsError ? Value.Null : value;

    private void Emit(
        CustomerState customer, List<Fact> facts, FactKind kind, string? subject, string? from = null, string? to = null, long on = 0,
        IReadOnlyList<KeyValuePair<string, Value>>? with = null, IReadOnlyList<RankedAction>? actions = null, RoutingDecision? routing = null) =>
        facts.Add(new Fact
        {
            Customer = customer.Id,
            Seq = ++customer.Seq,
            AtMs = _context.Now,
            BornMs = customer.BornMs,
            Kind = kind,
            Model = _model.Id,
            Cause = _step.Cause,
            Subject = subject,
            From = from,
            To = to,
            On = on,
            With = with ?? [],
            Actions = actions ?? [],
            Routing = routing,
        });
}
