using static StreamInsight.Definitions.Shapes.CommonShape;

namespace StreamInsight.Definitions.Shapes;

/// <summary>Every key of a model. The one table that the reader, the JSON Schema and the messages are made from.</summary>
internal static class ModelShape
{
    public const int MaxNamed = 10_000;

    public static readonly string[] TypeWords = ["string", "int", "double", "bool", "timestamp"];

    private static readonly Shape Type = new WordShape("a type", TypeWords) { SchemaName = "type" };

    private static readonly Shape EventOrProperty = new TextShape(
        "an event's short name, such as call, or one of its properties, such as order.total; \"*\" for every event",
        $@"^(\*|{IdentifierPattern})(\.{IdentifierPattern})?$", 130) { SchemaName = "event_or_property" };

    private static readonly Shape EventProperty = new TextShape(
        "a property of an event, such as order.total, order.timestamp or \"*.channel\"",
        $@"^(\*|{IdentifierPattern})\.{IdentifierPattern}$", 130) { SchemaName = "event_property" };

    private static readonly Shape EventName = new TextShape(
        "an event's short name, such as call, or \"*\"", $@"^(\*|{IdentifierPattern})$", 64) { SchemaName = "event" };

    private static readonly Shape StageName = new TextShape("a stage's name", $"^{IdentifierPattern}$", 64)
    {
        SchemaName = "stage",
        Problem = NameRule.Common.Problem,
    };

    public static readonly MapShape Dedupe = new("a memory of messageIds",
        new Key("window", Span, "How long an accepted messageId is remembered.") { Default = "1h" },
        new Key("max", new WholeNumberShape(0, 4096), "How many accepted messageIds are remembered.") { Default = "32" });

    public static readonly NamedShape Traits = new("traits", NameRule.Property, Type, 1_000)
    {
        Special = new Key("group", new NamedShape("traits of the group", NameRule.Property, Type, 1_000), "Traits set by group messages: traits.group.x."),
    };

    public static readonly MapShape Event = new("an event",
        new Key("name", new TextShape("the event's name in messages, such as \"Order Completed\"", "^[\\s\\S]+$", 1_024),
            "The name in messages (the field event of a track call).") { IsRequired = true },
        new Key("properties", new NamedShape("properties", NameRule.Property, Type, 1_000), "The properties that features and expressions may read, with their types."));

    public static readonly MapShape Feature = new("a feature",
    [
        .. AggregateRule.All.Select(r => new Key(r.Key, OperandOf(r), r.Doc)),
        new Key("where", Expression, "Counts only events for which this is true; may read event.* only."),
        new Key("window", LongSpan, "How far back it looks. Without: the customer's whole life."),
        new Key("offset", Span, "Looks at the window that ended this long ago."),
        new Key("half_life", LongSpan, "Of decayed: after this time an entry weighs half."),
        new Key("within", Span, "Of sequence: the longest time from the first step to the last."),
        new Key("gap", Span, "Of sessions: a longer pause begins a new session."),
        new Key("k", new WholeNumberShape(1, 10_000), "Of last_k: how many values.") { Default = "5" },
        new Key("exact_max", new WholeNumberShape(1, 1_000_000), "How many entries are kept before the feature becomes coarser. Without: the model's."),
    ])
    {
        SchemaName = "feature",
        OneOf = [.. AggregateRule.All.Select(r => r.Key)],
        Alone = "expr",
        Needs =
        [
            ("offset", ["window"]), ("decayed", ["half_life"]), ("half_life", ["decayed"]), ("sequence", ["within"]), ("within", ["sequence"]),
            ("sessions", ["gap"]), ("gap", ["sessions"]), ("k", ["last_k"]),
        ],
    };

    public static readonly MapShape Transition = new("a transition",
        new Key("from", new TextShape("a stage's name, or \"*\" for every stage", $@"^(\*|{IdentifierPattern})$", 64), "The stage left; \"*\" = any.") { IsRequired = true },
        new Key("to", StageName, "The stage entered.") { IsRequired = true },
        new Key("when", Expression, "Taken while this is true; may read event.* too."),
        new Key("after", Span, "Taken once the customer has been in the stage this long."),
        new Key("min_dwell", Span, "Not taken before the customer has been in the stage this long.") { Default = "0s" })
    {
        AnyOf = ["when", "after"],
    };

    public static readonly MapShape Journey = new("a journey",
        new Key("initial", StageName, "The stage in which a customer begins.") { IsRequired = true },
        new Key("stages", new ListShape("stages", StageName, 1, 1_000, unique: true), "All stages, the most advanced last.") { IsRequired = true },
        new Key("transitions", new ListShape("transitions", Transition, 0, MaxNamed), "In order: the first that holds is taken."));

    public static readonly MapShape Segment = new("a segment",
        new Key("when", Expression, "Enters while this is true.") { IsRequired = true },
        new Key("exit", Expression, "Leaves while this is true. Without: when `when` is not true."),
        new Key("for", Span, "Enters only after `when` has been true this long.") { Default = "0s" },
        new Key("min_stay", Span, "Does not leave before this time is over.") { Default = "0s" });

    public static readonly MapShape Trigger = new("a trigger",
        new Key("on", new TextShape("entered(segment), left(segment) or stage(stage); \"*\" inside stands for any", $@"^(entered|left|stage)\(\s*(\*|{IdentifierPattern})\s*\)$", 80),
            "The fact it answers.") { IsRequired = true },
        new Key("max_age", LongSpan, "A trigger delivered later than this is not sent. Without: it always is."),
        new Key("to", new ListShape("sinks (redis, kafka or the name of a subscriber)", new TextShape("redis, kafka or the name of a subscriber", $"^{IdentifierPattern}$", 64), 0, 100, unique: true),
            "Where it goes: redis, kafka or subscribers."),
        new Key("with", new ListShape("expressions", Expression, 0, 100, unique: true), "Values sent along, such as features.last_agent."));

    public static readonly MapShape Subscriber = new("a subscriber",
        new Key("url", new TextShape("an address that begins with https:// or http://", "^https?://[^\\s]+$", 2_048)
            {
                Problem = url => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0 ? null : "is no address; such as https://crm.example/hooks/insight",
            },
            "Where webhooks are posted to.") { IsRequired = true },
        new Key("secret_env", new TextShape("the name of an environment variable", $"^{IdentifierPattern}$", 128), "The environment variable that holds the signing secret."));

    public static readonly MapShape Root = new("a model",
        new Key("model", new TextShape("the model's name: letters, digits, - _ and .", "^[A-Za-z0-9][A-Za-z0-9._-]*$", 64), "The model's name.") { IsRequired = true },
        new Key("version", new WholeNumberShape(0, int.MaxValue), "A whole number that grows with every change.") { IsRequired = true },
        new Key("zone", new TextShape("a time zone's name, such as Europe/Berlin", "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", 64) { Problem = Zone.Problem },
            "Zone of calendar functions that name none.") { Default = "UTC" },
        new Key("lateness", Span, "Events that arrive later than this are refused.") { Default = "24h" },
        new Key("dedupe", Dedupe, "What is remembered to recognise repeated messages."),
        new Key("exact_max", new WholeNumberShape(1, 1_000_000), "How many entries a windowed feature keeps before it becomes coarser.") { Default = "64" },
        new Key("traits", Traits, "Attributes of a customer, with their types."),
        new Key("events", new NamedShape("events", NameRule.Event, Event, MaxNamed), "The events that matter, by a short name."),
        new Key("features", new NamedShape("features", NameRule.Feature, Feature, MaxNamed), "What is counted about a customer."),
        new Key("journey", Journey, "The stages of a customer's way, and what moves a customer on."),
        new Key("segments", new NamedShape("segments", NameRule.Common, Segment, MaxNamed), "Groups that customers enter and leave."),
        new Key("triggers", new NamedShape("triggers", NameRule.Common, Trigger, MaxNamed), "What is told to others, and when."),
        new Key("subscribers", new NamedShape("subscribers", NameRule.Subscriber, Subscriber, 1_000), "Webhooks that triggers may name."),
        new Key("scores", DecisionShape.Scores, "Numbers that actions and routing read, computed or learned."),
        new Key("actions", DecisionShape.Actions, "What can be done next for a customer."),
        new Key("arbitration", DecisionShape.Arbitration, "How actions compete."),
        new Key("policy", DecisionShape.Policy, "When and how often a customer may be contacted."),
        new Key("queues", DecisionShape.Queues, "Queues whose state messages tell (Queue Updated)."),
        new Key("routing", DecisionShape.Routing, "How contacts of a customer are routed."),
        new Key("pii", DecisionShape.Pii, "Which traits are personal data."));

    private static Shape OperandOf(AggregateRule rule) => rule.Operand switch
    {
        Operand.Expression => Expression,
        Operand.Purchases => PurchaseShape.Of(rule.Key),
        Operand.Steps => new ListShape("events in order", EventName, 2, 16),
        Operand.Property => EventProperty,
        _ => EventOrProperty,
    };
}
