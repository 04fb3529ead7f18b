using System.Text;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.Scores;

namespace StreamInsight.Decisions;

/// <summary>
/// Scores, actions and routing of one customer at a time: what events of contacts and outcomes mean, what the ranking and the routing are, and whether they are still what was
/// told. One an engine.
/// </summary>
internal sealed class Decider(CompiledModel model, CustomerContext context)
{
    private const long DecisionMemoryMs = 30 * 86_400_000L;

    private static readonly RoutingField[] RoutingFields = Enum.GetValues<RoutingField>();
    private static readonly RoutingDecision Nowhere = new(null, 0, [], null, [], 0);

    private readonly Ranker _ranker = new(model, context);
    private readonly List<string> _reasons = [];
    private readonly long _keepMs = Math.Max(DecisionMemoryMs, model.Policy.LongestCapMs);

    /// <summary>False for an outcome of a decision that this customer never had: such a record is refused.</summary>
    public bool KnowsDecision(CustomerState customer, CustomerEvent message)
    {
        EventRole role = model.RoleOf(message.EventIndex);
        if (role is not (EventRole.Shown or EventRole.Sent or EventRole.Accepted or EventRole.Declined))
            return true;
        ulong decision = DecisionOf(message);
        return decision == 0 || (customer.Decisions?.Knows(decision, customer.ClockMs - _keepMs) ?? false);
    }

    /// <summary>Takes in a contact or an outcome, before features see it. The context is bound to the event.</summary>
    public void Observe(CustomerState customer, CustomerEvent message, long timeMs)
    {
        EventRole role = model.RoleOf(message.EventIndex);
        foreach (CompiledLearning learning in model.Learnings)
            Learn(customer, learning, message, role, timeMs);
        if (role == EventRole.None || Find(message) is not { } action)
            return;
        switch (role)
        {
            case EventRole.Shown or EventRole.Sent:
                if (History(customer).Commit(new Contact(timeMs, action.Index, ChannelOf(message), long.MaxValue, DecisionOf(message)), _keepMs))
                    Tally(customer, action, new OutcomeTally { Shown = 1 });
                break;
            case EventRole.Accepted:
                Accept(customer, action, message);
                break;
            case EventRole.Declined:
                Tally(customer, action, new OutcomeTally { Declined = 1 });
                if (model.Definition.Policy.Reject is { } rule)
                    History(customer).Decline(action.Index, timeMs, rule);
                break;
        }

        UnsettleActions(customer);
    }

    /// <summary>Ranks now for the channel asked for, and holds the first action's place in the caps.</summary>
    public DecisionRecord Decide(CustomerState customer, CustomerEvent message, string cause)
    {
        int channel = ChannelOf(message);
        string channelName = Text(message, "channel") ?? "";
        string id = Text(message, "decision") ?? cause;
        int top = Number(message, "top") is { } asked && asked is > 0 and <= 100 ? (int)asked : model.Definition.Arbitration.Top;
        context.ValidUntil = long.MaxValue;

        // A channel that no action has leaves none to take.
        IReadOnlyList<Candidate> ranked = channel < 0 ? [] : _ranker.Rank(channel, top);
        RankedAction[] actions = [.. ranked.Select(Describe)];
        string? reserved = null;
        long reservedUntilMs = 0;
        if (ranked.Count > 0)
        {
            CompiledAction first = ranked[0].Action;
            reserved = first.Name;
            reservedUntilMs = context.Now + model.Definition.Policy.ReserveForMs;
        }

        // What was told still holds, or a step would have told otherwise: it may be used from now on as long as any.
        RoutingDecision? routing = customer.Decisions?.Routing is { } told ? told with { ValidUntilMs = context.Now + model.Routing!.ValidForMs } : null;
        byte[] json = DecisionRecordWriter.Write(model, context, id, channelName, actions, channel < 0 ? [] : _ranker.All, reserved, reservedUntilMs, routing);
        if (ranked.Count > 0)
        {
            History(customer).Reserve(new Contact(context.Now, ranked[0].Action.Index, channel, reservedUntilMs, Hash(id)), _keepMs);
            UnsettleActions(customer);
        }

        return new DecisionRecord(id, customer.Id, channelName, context.Now, actions, reserved, reservedUntilMs, routing, json);
    }

    /// <summary>
    /// Ranks and routes if anything they read may have changed; notes in the step what is no longer as it was told. Queues are read anew at records, merges and timer
    /// steps in which something turned; a timer step that is only early sees them as the last step did, so that what queues tell wakes nobody.
    /// </summary>
    public void Judge(CustomerState customer, Step step)
    {
        if (model.Learnings.Count > 0)
            LearnFromSilence(customer);
        if (model.ReadsQueues)
        {
            if (step.Kind == StepKind.Timer && step.IsQuiet && customer.Decisions?.Queues is { } known)
            {
                context.KnownQueues = known;
                Judge(customer, step, isTold: false);
                context.KnownQueues = null;
                if (step.IsQuiet)
                    return;
                step.ActionsChanged = step.RoutingChanged = false;
                UnsettleActions(customer);
                UnsettleRouting(customer);
            }

            SeeQueues(customer);
        }

        Judge(customer, step, isTold: true);
    }

    /// <summary>The queues as they stand are an input of the customer from here on: who reads one that tells other figures than it did is unsettled.</summary>
    private void SeeQueues(CustomerState customer)
    {
        QueueBoard board = context.Shared.Queues;
        QueueState?[] seen = History(customer).Queues ??= new QueueState?[board.Queues.Count];
        for (int queue = 0; queue < seen.Length; queue++)
        {
            QueueState? now = board.At(queue, context.Now);
            if (!now.GetValueOrDefault().Says(seen[queue].GetValueOrDefault()))
                customer.Settled.Except(model.ReadersOfQueue(queue));
            seen[queue] = now;
        }
    }

    private void Judge(CustomerState customer, Step step, bool isTold)
    {
        if (model.Actions.Count > 0)
            step.ActionsChanged = JudgeActions(customer, isTold);
        if (model.Routing is { } routing)
            step.RoutingChanged = JudgeRouting(customer, routing, isTold);
    }

    /// <summary>A contact or a reservation counts for every action: for caps, pauses and ties.</summary>
    private void UnsettleActions(CustomerState customer)
    {
        for (int action = 0; action < model.Actions.Count; action++)
            customer.Settled.Clear(model.Numbers.OfAction(action));
        customer.Settled.Clear(model.Numbers.Ranking);
    }

    private void UnsettleRouting(CustomerState customer)
    {
        foreach (RoutingField field in RoutingFields)
            customer.Settled.Clear(model.Numbers.OfRouting(field));
    }

    public void ApplyQueue(CustomerEvent message)
    {
        QueueBoard board = context.Shared.Queues;
        if (Text(message, "queue") is not { } name || board.IndexOf(name) is var queue && queue < 0)
            return;
        board.Add(queue, new QueueState(
            message.RecordTimeMs, Number(message, "waiting"), Real(message, "longest_wait") ?? Real(message, "longest_wait_seconds"), Real(message, "service_level"),
            Number(message, "agents_free")));
        context.Shared.IsDirty = true;
    }

    /// <summary>How the ranking stands, in the order it was told, with today's scores and texts. The context is bound to the customer.</summary>
    public IReadOnlyList<RankedAction> Describe(CustomerState customer)
    {
        if (customer.Decisions is not { Ranking.Length: > 0 } history)
            return [];
        return
        [
            .. history.Ranking.Select(told => new RankedAction(
                model.Actions[told.Action].Name, NamesOf(model.Actions[told.Action], told.Channels), ScoreOf(_ranker.Rate(told.Action)), told.IsExplored, Fill(model.Actions[told.Action]))),
        ];
    }

    /// <summary>How each action fares now on a channel (-1 = any). The context is bound to the customer; nothing is changed.</summary>
    public IReadOnlyList<Candidate> Candidates(int channel)
    {
        _ranker.Rank(channel, int.MaxValue);
        return _ranker.All;
    }

    private static double ScoreOf(Candidate candidate) => candidate.RemovedBy == Gate.None ? candidate.Score : 0;

    /// <summary>Judges the actions that are not settled, and ranks anew if that, or what their scores read, may have changed the order. True = the ranking is another one.</summary>
    private bool JudgeActions(CustomerState customer, bool isTold)
    {
        bool isSettled = customer.Settled[model.Numbers.Ranking];
        int first = model.Numbers.OfAction(0), end = first + model.Actions.Count;
        for (int number = customer.Settled.NextClear(first, end); number < end; number = customer.Settled.NextClear(number + 1, end))
            isSettled &= !JudgeAction(customer, number - first);
        if (isSettled && !IsSampled(customer.Decisions is { } open ? open.Open : []))
            return false;

        context.ValidUntil = long.MaxValue;
        IReadOnlyList<Candidate> ranked = _ranker.Arrange(customer.Decisions is { } history ? history.Open : [], model.Definition.Arbitration.Top);
        customer.Flips.Set(model.Numbers.Ranking, context.ValidUntil);
        customer.Settled.Set(model.Numbers.Ranking);
        foreach (Candidate candidate in ranked)
            if (History(customer).Note(candidate.Action.Index, Outcome.Offered))
                Tally(customer, candidate.Action, new OutcomeTally { Offered = 1 });
        if (IsTold(ranked, customer.Decisions?.Ranking ?? []))
            return false;
        if (isTold)
            History(customer).Ranking = [.. ranked.Select(candidate => new Told(candidate.Action.Index, candidate.Channels, candidate.IsExplored))];
        return true;
    }

    /// <summary>Judges one action at the gates; true = it is open where it was not, or the other way round.</summary>
    private bool JudgeAction(CustomerState customer, int action)
    {
        context.ValidUntil = long.MaxValue;
        Candidate candidate = _ranker.Judge(action);
        customer.Flips.Set(model.Numbers.OfAction(action), context.ValidUntil);
        customer.Settled.Set(model.Numbers.OfAction(action));
        if (candidate.RemovedBy == Gate.Holdout && History(customer).Note(action, Outcome.HeldOut))
            Tally(customer, candidate.Action, new OutcomeTally { HeldOut = 1 });
        ulong open = candidate.RemovedBy == Gate.None ? candidate.Channels : 0;
        return (open != 0 || customer.Decisions is not null) && History(customer).SetOpen(action, open, model.Actions.Count);
    }

    /// <summary>Whether what moves without the customer may order these actions otherwise, or let one in or out.</summary>
    private bool IsSampled(ReadOnlySpan<ulong> open)
    {
        int count = 0;
        bool isLearned = false;
        for (int action = 0; action < open.Length; action++)
        {
            if (open[action] == 0)
                continue;
            count++;
            switch (model.Actions[action].Sampling)
            {
                case ScoreSampling.Any:
                    return true;
                case ScoreSampling.Learned:
                    isLearned = true;
                    break;
            }
        }

        return isLearned && count > 1;
    }

    private static bool IsTold(IReadOnlyList<Candidate> ranked, Told[] told)
    {
        if (ranked.Count != told.Length)
            return false;
        for (int i = 0; i < told.Length; i++)
            if (ranked[i].Action.Index != told[i].Action || ranked[i].Channels != told[i].Channels)
                return false;
        return true;
    }

    /// <summary>Judges the fields that are not settled; true = the routing says something else.</summary>
    private bool JudgeRouting(CustomerState customer, CompiledRouting routing, bool isTold)
    {
        RoutingDecision? told = customer.Decisions?.Routing;
        RoutingDecision now = told ?? Nowhere;
        foreach (RoutingField field in RoutingFields)
        {
            int number = model.Numbers.OfRouting(field);
            if (customer.Settled[number])
                continue;
            context.ValidUntil = long.MaxValue;
            now = Route(routing, field, now);
            customer.Flips.Set(number, context.ValidUntil);
            customer.Settled.Set(number);
        }

        if (ReferenceEquals(now, told))
            return false;
        if (isTold)
            History(customer).Routing = now with { ValidUntilMs = context.Now + routing.ValidForMs };
        return true;
    }

    /// <summary>The routing with one field as it is now; the same object if that is what it says already.</summary>
    private RoutingDecision Route(CompiledRouting routing, RoutingField field, RoutingDecision so)
    {
        switch (field)
        {
            case RoutingField.Queue:
                return TextOf(routing.Queue.Evaluate(context)) is var queue && queue == so.Queue ? so : so with { Queue = queue };
            case RoutingField.Score:
                double number = Numbers.OrNaN(routing.Score.Evaluate(context));
                double score = double.IsNaN(number) ? 0 : Math.Clamp(number, 0, 1000);
                return score.Equals(so.Score) ? so : so with { Score = score };
            case RoutingField.Reasons:
                ReadReasons(routing);
                return AreSame(_reasons, so.Reasons) ? so : so with { Reasons = [.. _reasons] };
            case RoutingField.Agent:
                return (routing.Agent is null ? null : TextOf(routing.Agent.Evaluate(context))) is var agent && agent == so.Agent ? so : so with { Agent = agent };
            default:
                string[] skills = routing.Skills is null ? [] : TextsOf(routing.Skills.Evaluate(context));
                return AreSame(skills, so.Skills) ? so : so with { Skills = skills };
        }
    }

    /// <summary>The first three that hold.</summary>
    private void ReadReasons(CompiledRouting routing)
    {
        _reasons.Clear();
        foreach ((string code, Condition when) in routing.Reasons)
            if (_reasons.Count < 3 && when.Expression.Evaluate(context).IsTrue)
                _reasons.Add(code);
    }

    private static bool AreSame(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        if (a.Count != b.Count)
            return false;
        for (int i = 0; i < a.Count; i++)
            if (a[i] != b[i])
                return false;
        return true;
    }

    private static string? TextOf(in Value value) => value.Kind == ValueKind.String && value.AsString.Length > 0 ? value.AsString : null;

    private static string[] TextsOf(in Value value) =>
        value.Kind == ValueKind.List ? [.. value.AsList.Where(item => item.Kind == ValueKind.String).Select(item => item.AsString)] : [];

    /// <summary>A showing is remembered with what was known of the customer; an outcome teaches by it, or by what is known now if it was never reported as shown.</summary>
    private void Learn(CustomerState customer, CompiledLearning learning, CustomerEvent message, EventRole role, long timeMs)
    {
        bool isSuccess = message.EventIndex == learning.Success;
        bool isOutcome = isSuccess || message.EventIndex == learning.Failure;
        bool isExposure = !isOutcome && role is EventRole.Shown or EventRole.Sent;
        if (message.EventIndex < 0 || !(isOutcome || isExposure) || (learning.Key is { } key && !key.Expression.Evaluate(context).IsTrue))
            return;
        if (model.Definition.Policy.Holdout is { } holdout && Lot.IsHeldOut(holdout.Share, holdout.Salt, customer.Id))
            return;

        ulong decision = DecisionOf(message);
        Exposure? exposure = isOutcome ? customer.Decisions?.TakeExposure(learning.Index, decision) : null;
        ScoreInput[] inputs = exposure?.Inputs ?? InputsOf(learning);
        if (isOutcome)
        {
            context.Shared.Scores[learning.Index].Learn(inputs, isSuccess);
            context.Shared.IsDirty = true;
        }
        else
        {
            History(customer).Await(new Exposure(learning.Index, timeMs, decision, inputs));
        }

        customer.Flips.Set(model.Numbers.Silence, customer.Decisions?.NextSilenceMs(model.Learnings) ?? long.MaxValue);
    }

    private void LearnFromSilence(CustomerState customer)
    {
        if (customer.Decisions is not { } history)
            return;
        while (history.TakeSilent(model.Learnings, context.Now) is { } exposure)
        {
            context.Shared.Scores[exposure.Score].Learn(exposure.Inputs, false);
            context.Shared.IsDirty = true;
        }

        customer.Flips.Set(model.Numbers.Silence, history.NextSilenceMs(model.Learnings));
    }

    private ScoreInput[] InputsOf(CompiledLearning learning)
    {
        var inputs = new ScoreInput[learning.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = ScoreInput.Of(learning.Inputs[i].Evaluate(context));
        return inputs;
    }

    /// <summary>An acceptance counts for the group the customer is in: those it was offered to, or the holdout.</summary>
    private void Accept(CustomerState customer, CompiledAction action, CustomerEvent message)
    {
        Outcome so = customer.Decisions?.OutcomeOf(action.Index) ?? Outcome.None;
        bool isHeldOut = (so & Outcome.HeldOut) != 0 && (so & Outcome.Offered) == 0;
        long converted = so != Outcome.None && History(customer).Note(action.Index, Outcome.Converted) ? 1 : 0;
        decimal value = Real(message, "value") is { } worth && Math.Abs(worth) < 1e15 ? (decimal)worth : 0;
        Tally(customer, action, isHeldOut
            ? new OutcomeTally { HeldOutConverted = converted, HeldOutValue = value }
            : new OutcomeTally { Accepted = 1, Value = value, Converted = converted });
    }

    private void Tally(CustomerState customer, CompiledAction action, in OutcomeTally tally)
    {
        context.Shared.Outcomes.Add(action, customer, tally);
        context.Shared.IsDirty = true;
    }

    private static DecisionState History(CustomerState customer) => customer.Decisions ??= new DecisionState();

    private RankedAction Describe(Candidate candidate) =>
        new(candidate.Action.Name, NamesOf(candidate.Action, candidate.Channels), candidate.Score, candidate.IsExplored, Fill(candidate.Action));

    private string[] NamesOf(CompiledAction action, ulong channels) =>
        [.. action.Channels.Where(channel => (channels >> channel & 1) != 0).Select(channel => model.Channels[channel])];

    private List<KeyValuePair<string, string>> Fill(CompiledAction action)
    {
        var content = new List<KeyValuePair<string, string>>();
        foreach (ContentTemplate template in action.Content)
            if (template.Fill(context) is { } text)
                content.Add(new(template.Name, text));
        return content;
    }

    private CompiledAction? Find(CustomerEvent message)
    {
        string? name = Text(message, "action");
        return name is null ? null : model.Actions.FirstOrDefault(action => action.Name == name);
    }

    /// <summary>The channel of a contact, by number: the property, else the event's own; -1 = none that the model names.</summary>
    private int ChannelOf(CustomerEvent message) =>
        (Text(message, "channel") ?? message.Channel) is { } name ? model.Channels.ToList().IndexOf(name) : -1;

    private ulong DecisionOf(CustomerEvent message) =>
        message.EventIndex >= 0 && model.RoleOf(message.EventIndex) != EventRole.None && Text(message, "decision") is { } id ? Hash(id) : 0;

    private string? Text(CustomerEvent message, string property) =>
        Property(message, property) is { Kind: ValueKind.String } value && value.AsString.Length > 0 ? value.AsString : null;

    private long? Number(CustomerEvent message, string property) => Property(message, property) is { Kind: ValueKind.Int } value ? value.AsInt : null;

    private double? Real(CustomerEvent message, string property) => Property(message, property) is { Kind: ValueKind.Double } value ? value.AsDouble : null;

    private Value Property(CustomerEvent message, string property)
    {
        int slot = message.EventIndex < 0 ? -1 : model.SlotOf(message.EventIndex, property);
        return slot < 0 ? Value.Null : message.Properties[slot];
    }

    /// <summary>Never 0, which stands for none.</summary>
    private static ulong Hash(string id) => (ulong)MessageHash.Of(Encoding.UTF8.GetBytes(id)) | 1;
}
