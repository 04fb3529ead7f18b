using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>Plans what decides: scores, then actions, policy and routing, which may read them.</summary>
internal sealed class DecisionPlan(ModelDefinition definition, EventSchema events, ModelScopes scopes, ModelPlan plan)
{
    private const int MaxChannels = 64;

    public List<CompiledScore> Scores { get; } = [];

    public List<CompiledLearning> Learnings { get; } = [];

    /// <summary>Every channel that an action names, by number.</summary>
    public List<string> Channels { get; } = [.. definition.Actions.SelectMany(action => action.Channels).Distinct()];

    public List<CompiledAction> Actions { get; } = [];

    public CompiledPolicy Policy { get; private set; } = null!;

    public CompiledRouting? Routing { get; private set; }

    public EventRole[] Roles { get; } = [.. events.Events.Select(e => BuiltInEvents.RoleOf(e.WireName))];

    public void Build()
    {
        if (Channels.Count > MaxChannels)
            plan.Fault(definition.Actions[0].Mark, $"actions name {Channels.Count} channels; allowed are {MaxChannels}");
        PlanScores();
        PlanPolicy();
        PlanActions();
        PlanRouting();
    }

    /// <summary>What the gates of an action read, computed scores replaced by what they read.</summary>
    public IEnumerable<string> PathsOfGates(CompiledAction action)
    {
        var expressions = new List<Expression> { action.Eligible.Expression };
        if (Policy.ChannelConsent is { } consents)
            expressions.AddRange(action.Channels.Select(channel => consents[channel]?.Expression).OfType<Expression>());
        if (action.Definition.Purpose is { } purpose && Policy.PurposeConsent.TryGetValue(purpose, out Condition? agreed))
            expressions.Add(agreed.Expression);
        if (Policy.QuietZone is { } zone && (action.ChannelMask & Policy.QuietChannels) != 0)
            expressions.Add(zone);
        return Read(expressions);
    }

    /// <summary>What the scores of all actions read.</summary>
    public IEnumerable<string> PathsOfScores() => Read(Actions.SelectMany(action => action.Factors));

    public IEnumerable<string> PathsOf(RoutingField field) => Read(Routing?.ExpressionsOf(field) ?? []);

    /// <summary>What a learned score says moves without the customer: whoever reads it is judged at every step.</summary>
    public bool IsSampled(IEnumerable<string> paths) => paths.Any(path => Scores.Any(score => score.Learning is not null && path == $"scores.{score.Name}"));

    /// <summary>What a learned score reads is no reason to look: whoever reads the score looks at every step.</summary>
    private IEnumerable<string> Read(IEnumerable<Expression> expressions)
    {
        string[] paths = [.. expressions.SelectMany(expression => expression.Paths).Distinct()];
        return paths.Concat(Scores.Where(score => score.Learning is null && paths.Contains($"scores.{score.Name}")).SelectMany(score => score.Paths)).Distinct();
    }

    private ScoreSampling SamplingOf(Expression? propensity, IEnumerable<Expression?> others)
    {
        if (IsSampled(Read(others.OfType<Expression>())))
            return ScoreSampling.Any;
        return propensity is null || !IsSampled(Read([propensity])) ? ScoreSampling.None : propensity.Root is LearnedNode ? ScoreSampling.Learned : ScoreSampling.Any;
    }

    private void PlanScores()
    {
        foreach (ScoreDefinition score in definition.Scores)
        {
            CompiledScore? compiled = score.Learn is { } learn ? Learned(score, learn) : Computed(score);
            scopes.DeclareScore(score.Name, compiled?.Node);
            if (compiled is not null)
                Scores.Add(compiled);
        }
    }

    private CompiledScore? Computed(ScoreDefinition score) =>
        Number(score.Expr, scopes.Decisions, $"scores.{score.Name}") is { } expression
            ? new CompiledScore(score, expression, null, new ScoreNode(expression))
            : null;

    private CompiledScore? Learned(ScoreDefinition score, LearnDefinition learn)
    {
        int success = EventOf(learn.Success, learn.Mark, $"scores.{score.Name}.learn.success");
        int failure = learn.Failure is null ? -1 : EventOf(learn.Failure, learn.Mark, $"scores.{score.Name}.learn.failure");
        EventDefinition[] read = [.. events.Events.Where((_, i) => i == success || i == failure || Roles[i] is EventRole.Shown or EventRole.Sent)];
        Condition? key = plan.CompileCondition(learn.Key, scopes.Where(read), $"scores.{score.Name}.learn.key");
        var inputs = new List<Expression>();
        foreach (ExpressionSource source in learn.Inputs)
            if (plan.Compile(source, scopes.Decisions, null) is { } input)
            {
                CelTypeKind kind = input.Type.WithoutNull.Kind;
                if (input.Type.IsNumeric || kind is CelTypeKind.Dyn or CelTypeKind.Bool or CelTypeKind.String or CelTypeKind.Duration)
                    inputs.Add(input);
                else
                    plan.Fault(source.Mark, $"scores.{score.Name}.inputs: {source.Text} is {input.Type}; an input is a number, a truth value, a text or a duration");
            }

        if (success < 0 || inputs.Count < learn.Inputs.Count || (learn.Key is not null && key is null))
            return null;
        var learning = new CompiledLearning(Learnings.Count, learn, success, failure, key, inputs);
        Learnings.Add(learning);
        return new CompiledScore(score, null, learning, new LearnedNode(learning));
    }

    private int EventOf(string name, Mark mark, string where)
    {
        for (int i = 0; i < events.Events.Count; i++)
            if (events.Events[i].ShortName == name || events.Events[i].WireName == name)
                return i;
        plan.Fault(mark, $"{where}: '{name}' is no event. Declare it under events:, by its name in messages");
        return -1;
    }

    private void PlanPolicy()
    {
        PolicyDefinition policy = definition.Policy;
        Condition?[]? channels = policy.Consent is null ? null : new Condition?[Channels.Count];
        var purposes = new Dictionary<string, Condition>(StringComparer.Ordinal);
        foreach ((string name, ExpressionSource when, Mark _) in policy.Consent ?? [])
        {
            if (plan.CompileCondition(when, scopes.Decisions, $"policy.consent.{name}") is not { } condition)
                continue;
            if (Channels.IndexOf(name) is >= 0 and var channel)
                channels![channel] = condition;
            if (definition.Actions.Any(action => action.Purpose == name))
                purposes[name] = condition;
        }

        ulong quiet = policy.Quiet is not { } hours ? 0
            : hours.Channels.Count == 0 ? ulong.MaxValue
            : hours.Channels.Aggregate(0UL, (mask, name) => Channels.IndexOf(name) is >= 0 and var channel ? mask | (1UL << channel) : mask);
        Policy = new CompiledPolicy(
            policy,
            channels,
            purposes,
            [.. policy.Caps.Select(cap => new CompiledCap(cap.Max, cap.WindowMs, cap.Channel is null ? -1 : Channels.IndexOf(cap.Channel), cap.Topic))],
            quiet,
            policy.Quiet?.Zone is { } zone ? plan.Compile(zone, scopes.Decisions, CelType.String) : null,
            definition.Zone);
    }

    private void PlanActions()
    {
        foreach (ActionDefinition action in definition.Actions)
        {
            string where = $"actions.{action.Name}";
            Condition? eligible = plan.CompileCondition(action.Eligible, scopes.Acting, $"{where}.eligible");
            Expression? value = Number(action.Value, scopes.Acting, $"{where}.value");
            Expression? propensity = Number(action.Propensity, scopes.Acting, $"{where}.propensity");
            Expression? context = Number(action.Context, scopes.Acting, $"{where}.context");
            Expression? lever = Number(action.Lever, scopes.Acting, $"{where}.lever");
            ContentTemplate?[] content =
                [.. action.Content.Select(text => ContentTemplate.Parse(text, source => plan.Compile(source, scopes.Acting, null), (mark, message) => plan.Fault(mark, $"{where}.{message}")))];
            if (eligible is null || value is null)
                continue;   // said already
            Actions.Add(new CompiledAction(
                Actions.Count, action, [.. action.Channels.Select(name => Channels.IndexOf(name))], eligible, value, propensity, context, lever,
                definition.Queues.ToList().FindIndex(queue => queue.Name == action.Queue), [.. content.OfType<ContentTemplate>()],
                SamplingOf(propensity, [value, context, lever])));
        }
    }

    private void PlanRouting()
    {
        if (definition.Routing is not { } routing)
            return;
        Expression? queue = plan.Compile(routing.Queue, scopes.Acting, CelType.String);
        Expression? score = Number(routing.Score, scopes.Acting, "routing.score");
        var reasons = new List<(string, Condition)>();
        foreach ((string code, ExpressionSource when) in routing.Reasons)
            if (plan.CompileCondition(when, scopes.Acting, $"routing.reasons.{code}") is { } condition)
                reasons.Add((code, condition));
        Expression? agent = routing.Agent is null ? null : plan.Compile(routing.Agent, scopes.Acting, CelType.String);
        Expression? skills = routing.Skills is null ? null : plan.Compile(routing.Skills, scopes.Acting, CelType.List(CelType.String));
        if (queue is not null && score is not null)
            Routing = new CompiledRouting(queue, score, reasons, agent, skills, routing.ValidForMs);
    }

    private Expression? Number(ExpressionSource? source, Scope scope, string where)
    {
        if (source is null || plan.Compile(source, scope, null) is not { } expression)
            return null;
        if (expression.Type.IsNumeric || expression.Type.WithoutNull.Kind == CelTypeKind.Dyn)
            return expression;
        plan.Fault(source.Mark, $"{where}: {source.Text} is {expression.Type}; it must be a number");
        return null;
    }
}
