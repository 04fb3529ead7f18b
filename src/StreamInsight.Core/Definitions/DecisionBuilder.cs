using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions;

/// <summary>Makes what decides: scores, actions, arbitration, policy, queues, routing; and checks that the queues, channels and traits they name exist.</summary>
internal sealed class DecisionBuilder(Fields root, HashSet<string> unclear, Faults faults)
{
    private readonly HashSet<string> _queues = [.. root.Entries("queues").Select(e => e.Key.Text)];
    private readonly HashSet<string> _channels = [.. ActionTexts(root, "channels")];
    private readonly HashSet<string> _topics = [.. ActionWords(root, "topic")];
    private readonly HashSet<string> _purposes = [.. ActionWords(root, "purpose")];

    public List<ScoreDefinition> Scores()
    {
        var scores = new List<ScoreDefinition>();
        foreach (var (key, value) in root.Entries("scores"))
        {
            var fields = new Fields(value, DecisionShape.Score);
            var score = fields.Has("learn")
                ? new ScoreDefinition(key.Text, null, Learn(fields), key.Mark)
                : new ScoreDefinition(key.Text, fields.Expression("expr"), null, key.Mark);
            if (score.Expr is null && score.Learn is null)
                unclear.Add($"scores.{key.Text}");
            else
                scores.Add(score);
        }
        return scores;
    }

    private static LearnDefinition? Learn(Fields score)
    {
        var learn = score.Map("learn", DecisionShape.Learn);
        var prior = score.Map("prior", DecisionShape.Prior);
        return learn.Text("success") is { } success && prior.Number("rate") is { } rate && prior.Number("weight") is { } weight
            ? new LearnDefinition(
                success, learn.Text("failure"), learn.Expression("key"), learn.Duration("within"), Expressions(score.Items("inputs")), rate, weight, score.Node("learn")!.Mark)
            : null;
    }

    public List<ActionDefinition> Actions()
    {
        var actions = new List<ActionDefinition>();
        foreach (var (key, value) in root.Entries("actions"))
        {
            var fields = new Fields(value, DecisionShape.Action);
            if (fields.Scalar("queue") is { } queue)
                CheckNamed(queue, $"actions.{key.Text}.queue", "queue of queues:", _queues);
            if (fields.Expression("eligible") is not { } eligible || fields.Expression("value") is not { } worth)
                continue;   // said already
            actions.Add(new ActionDefinition(
                key.Text,
                fields.Texts("channels"),
                (ActionClass)Math.Max(0, Array.IndexOf(DecisionShape.ClassWords, fields.Text("class"))),
                eligible,
                worth,
                fields.Expression("propensity"),
                fields.Expression("context"),
                fields.Expression("lever"),
                fields.Text("topic"),
                fields.Text("purpose"),
                fields.Text("queue"),
                [.. fields.Entries("content").Where(c => c.Value is YamlText).Select(c => new ContentDefinition(c.Key.Text, ((YamlText)c.Value).Text, c.Value.Mark))],
                key.Mark));
        }
        return actions;
    }

    public ArbitrationDefinition Arbitration()
    {
        var fields = root.Map("arbitration", DecisionShape.Arbitration);
        var exponents = fields.Map("exponents", DecisionShape.Exponents);
        var defaults = new ArbitrationDefinition();
        return new ArbitrationDefinition(
            exponents.Number("propensity") ?? defaults.Propensity,
            exponents.Number("context") ?? defaults.Context,
            exponents.Number("value") ?? defaults.Value,
            exponents.Number("lever") ?? defaults.Lever,
            fields.Whole("top") ?? defaults.Top,
            fields.Number("explore") ?? defaults.Explore);
    }

    public PolicyDefinition Policy()
    {
        var fields = root.Map("policy", DecisionShape.Policy);
        var defaults = new PolicyDefinition();
        return new PolicyDefinition
        {
            Consent = fields.Has("consent") ? Consents(fields) : null,
            Caps = [.. fields.Items("caps").OfType<YamlMap>().Select((cap, i) => Cap(new Fields(cap, DecisionShape.Cap), $"policy.caps[{i}]", cap.Mark))],
            Reject = Reject(fields.Map("reject", DecisionShape.Reject)),
            Quiet = Quiet(fields.Map("quiet", DecisionShape.Quiet)),
            Holdout = fields.Map("holdout", DecisionShape.Holdout) is var holdout && holdout.Number("share") is { } share ? new HoldoutDefinition(share, holdout.Text("salt") ?? "") : null,
            ReserveForMs = fields.Duration("reserve_for") ?? defaults.ReserveForMs,
        };
    }

    private List<(string, ExpressionSource, Mark)> Consents(Fields policy)
    {
        var consents = new List<(string, ExpressionSource, Mark)>();
        foreach (var (key, value) in policy.Entries("consent"))
        {
            if (!_channels.Contains(key.Text) && !_purposes.Contains(key.Text))
                faults.Warn(key.Mark, $"policy.consent.{key.Text}: no action has this channel or purpose");
            if (ExpressionShape.Read(value) is { } when)
                consents.Add((key.Text, when, key.Mark));
        }
        foreach (var channel in _channels.Where(c => consents.All(consent => consent.Item1 != c)))
            faults.Warn(policy.Node("consent")!.Mark, $"policy.consent: channel {channel} is missing, so nobody has agreed to it; write {channel}: \"true\" if no consent is needed");
        return consents;
    }

    private CapDefinition Cap(Fields cap, string path, Mark mark)
    {
        if (cap.Scalar("channel") is { } channel)
            CheckNamed(channel, $"{path}.channel", "channel of an action", _channels);
        if (cap.Scalar("topic") is { } topic)
            CheckNamed(topic, $"{path}.topic", "topic of an action", _topics);
        return new CapDefinition(cap.Whole("max") ?? 0, cap.Duration("window") ?? 1, cap.Text("channel"), cap.Text("topic"), mark);
    }

    private static RejectDefinition? Reject(Fields reject) =>
        reject.Whole("after") is { } after && reject.Duration("within") is { } within && reject.Duration("pause") is { } pause
            ? new RejectDefinition(after, within, pause)
            : null;

    private QuietDefinition? Quiet(Fields quiet)
    {
        if (quiet.Text("from") is not { Length: 5 } from || quiet.Text("to") is not { Length: 5 } to)
            return null;
        foreach (var channel in quiet.Items("channels").OfType<YamlText>())
            CheckNamed(channel, "policy.quiet.channels", "channel of an action", _channels);
        if (from == to)
            faults.Add(quiet.Scalar("to")!.Mark, $"policy.quiet: from and to are both {Faults.Quote(from)}; the hours between them must be more than none and less than all");
        return new QuietDefinition(Minute(from), Minute(to), quiet.Expression("zone"), quiet.Text("unknown_zone") ?? "hold", quiet.Texts("channels"));
    }

    private static int Minute(string time) => int.TryParse(time.AsSpan(0, 2), out var hours) && int.TryParse(time.AsSpan(3, 2), out var minutes) ? (hours * 60) + minutes : 0;

    public List<QueueDefinition> Queues()
    {
        var queues = new List<QueueDefinition>();
        foreach (var (key, value) in root.Entries("queues"))
        {
            var fields = new Fields(value, DecisionShape.Queue);
            var assumed = fields.Map("default", DecisionShape.QueueDefault);
            queues.Add(new QueueDefinition(
                key.Text, fields.Number("target"), fields.Duration("stale_after") ?? 5 * 60_000L, assumed.Whole("waiting"), assumed.Number("longest_wait"),
                assumed.Number("service_level"), assumed.Whole("agents_free"), key.Mark));
        }
        return queues;
    }

    public RoutingDefinition? Routing()
    {
        var fields = root.Map("routing", DecisionShape.Routing);
        if (root.Node("routing") is not YamlMap map || fields.Expression("queue") is not { } queue || fields.Expression("score") is not { } score)
            return null;
        var reasons = new List<(string, ExpressionSource)>();
        foreach (var (key, value) in fields.Entries("reasons"))
            if (ExpressionShape.Read(value) is { } when)
                reasons.Add((key.Text, when));
        return new RoutingDefinition(queue, score, reasons, fields.Expression("agent"), fields.Expression("skills"), fields.Duration("valid_for") ?? 30 * 60_000L, map.Mark);
    }

    public PiiDefinition Pii()
    {
        var fields = root.Map("pii", DecisionShape.Pii);
        var traits = TraitNames();
        foreach (var trait in fields.Items("masked").Concat(fields.Entries("lookup").Select(e => e.Value)).OfType<YamlText>())
            if (trait.Text.StartsWith("traits.", StringComparison.Ordinal) && !traits.Contains(Bare(trait.Text)))
                faults.Add(trait.Mark, $"pii: {Faults.Quote(trait.Text)} is no trait.{faults.Suggest(Bare(trait.Text), traits)} Declare it under traits:, or use one of: {ModelBuilder.Some(traits)}");
        return new PiiDefinition(
            [.. fields.Texts("masked").Select(Bare)],
            [.. fields.Entries("lookup").Where(e => e.Value is YamlText).Select(e => (e.Key.Text, Bare(((YamlText)e.Value).Text)))]);
    }

    private HashSet<string> TraitNames() =>
    [
        .. root.Entries("traits").Where(e => e.Key.Text != "group").Select(e => e.Key.Text),
        .. ((root.Node("traits") as YamlMap)?.Find("group") as YamlMap)?.Entries.Select(e => $"group.{e.Key.Text}") ?? [],
    ];

    private static string Bare(string trait) => trait.StartsWith("traits.", StringComparison.Ordinal) ? trait["traits.".Length..] : trait;

    private void CheckNamed(YamlText name, string path, string what, HashSet<string> known)
    {
        if (!known.Contains(name.Text))
            faults.Add(name.Mark, $"{path}: {Faults.Quote(name.Text)} is no {what}.{faults.Suggest(name.Text, known)} Allowed: {ModelBuilder.Some(known)}");
    }

    private static List<ExpressionSource> Expressions(IEnumerable<YamlNode> items) => [.. items.Select(ExpressionShape.Read).OfType<ExpressionSource>()];

    private static IEnumerable<string> ActionTexts(Fields root, string key) => root.Entries("actions").SelectMany(e => new Fields(e.Value, DecisionShape.Action).Texts(key));

    private static IEnumerable<string> ActionWords(Fields root, string key) =>
        root.Entries("actions").Select(e => new Fields(e.Value, DecisionShape.Action).Text(key)).OfType<string>();
}
