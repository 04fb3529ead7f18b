using static StreamInsight.Definitions.Shapes.CommonShape;

namespace StreamInsight.Definitions.Shapes;

/// <summary>The keys of a model that decide: scores, actions, arbitration, policy, queues, routing. Part of <see cref="ModelShape"/>.</summary>
internal static class DecisionShape
{
    /// <summary>Names of channels, topics, purposes and queues appear in messages and in Redis keys.</summary>
    private const string WordPattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]*$";

    private static readonly Shape Word = new TextShape("a name of letters, digits, _ - and .", WordPattern, 64) { SchemaName = "word" };

    private static readonly Shape EventName = new TextShape("an event's short name, or its name in messages, such as \"Offer Accepted\"", "^[\\s\\S]+$", 1_024);

    private static readonly Shape Exponent = new NumberShape(0, 10) { SchemaName = "exponent" };

    private static readonly Shape Share = new NumberShape(0, 1) { SchemaName = "share" };

    public static readonly MapShape Learn = new("what a score learns from",
        new Key("success", EventName, "The event that means success.") { IsRequired = true },
        new Key("failure", EventName, "The event that means failure."),
        new Key("key", Expression, "Only outcomes and showings for which this is true; may read event.* only."),
        new Key("within", LongSpan, "A showing without an outcome after this time is a failure. Without: silence teaches nothing."));

    public static readonly MapShape Prior = new("a prior",
        new Key("rate", new NumberShape(0.000001, 0.999999), "The rate of success believed without evidence.") { IsRequired = true },
        new Key("weight", new NumberShape(0, 1_000_000), "How many observations that belief is worth.") { IsRequired = true });

    public static readonly MapShape Score = new("a score",
        new Key("expr", Expression, "Computes the score from features, traits, journey and segments."),
        new Key("learn", Learn, "Learns the score, a probability, from outcomes."),
        new Key("inputs", new ListShape("inputs", Expression, 1, 256, unique: true), "Of learn: what the score depends on: numbers, truth values or texts."),
        new Key("prior", Prior, "Of learn: what answers until there is evidence."))
    {
        SchemaName = "score",
        OneOf = ["expr", "learn"],
        Alone = "expr",
        Needs = [("learn", ["inputs"]), ("learn", ["prior"]), ("inputs", ["learn"]), ("prior", ["learn"])],
    };

    public static readonly string[] ClassWords = ["commercial", "transactional", "mandatory"];

    public static readonly MapShape Action = new("an action",
        new Key("channels", new ListShape("channels", Word, 1, 32, unique: true), "Where it can be taken.") { IsRequired = true },
        new Key("eligible", Expression, "Who it is for.") { IsRequired = true },
        new Key("value", Expression, "V: what it is worth if it succeeds.") { IsRequired = true },
        new Key("propensity", Expression, "P: how likely it succeeds, such as scores.accept_upgrade.") { Default = "1" },
        new Key("context", Expression, "C: how well it fits now.") { Default = "1" },
        new Key("lever", Expression, "L: how much the business wants it.") { Default = "1" },
        new Key("class", new WordShape("a class", ClassWords), "Transactional and mandatory actions skip holdout, caps and pauses.") { Default = "commercial" },
        new Key("topic", Word, "What it is about, for caps by topic."),
        new Key("purpose", Word, "What it is for, for consent by purpose."),
        new Key("queue", Word, "A queue of queues:. While its service level is below its target, the action waits."),
        new Key("content", new NamedShape("texts", NameRule.Property, new TextShape("a text", "^[\\s\\S]*$", 4_096), 32),
            "Texts with ${features.x} or ${traits.x|what stands there if it is missing}."))
    {
        SchemaName = "action",
    };

    public static readonly MapShape Exponents = new("exponents",
        new Key("propensity", Exponent, "Exponent of P.") { Default = "1" },
        new Key("context", Exponent, "Exponent of C.") { Default = "1" },
        new Key("value", Exponent, "Exponent of V.") { Default = "1" },
        new Key("lever", Exponent, "Exponent of L.") { Default = "1" });

    public static readonly MapShape Arbitration = new("an arbitration",
        new Key("exponents", Exponents, "Ranked by P^a · C^b · V^c · L^d."),
        new Key("top", new WholeNumberShape(1, 100), "How many actions are kept.") { Default = "3" },
        new Key("explore", Share, "Share of customers, drawn anew each day, whose first action is drawn by lot.") { Default = "0" });

    public static readonly MapShape Cap = new("a cap",
        new Key("max", new WholeNumberShape(0, 1_000), "Most contacts.") { IsRequired = true },
        new Key("window", LongSpan, "Within this time, rolling.") { IsRequired = true },
        new Key("channel", Word, "Counts this channel only."),
        new Key("topic", Word, "Counts this topic only."));

    public static readonly MapShape Reject = new("a pause after rejections",
        new Key("after", new WholeNumberShape(1, 16), "How many declines of an action pause it.") { IsRequired = true },
        new Key("within", LongSpan, "Within this time.") { IsRequired = true },
        new Key("pause", LongSpan, "For how long.") { IsRequired = true });

    private static readonly Shape TimeOfDay = new TextShape("a time of day in quotes, such as \"21:00\"", "^([01][0-9]|2[0-3]):[0-5][0-9]$", 5);

    public static readonly MapShape Quiet = new("quiet hours",
        new Key("from", TimeOfDay, "Local time at which they begin.") { IsRequired = true },
        new Key("to", TimeOfDay, "Local time at which they end.") { IsRequired = true },
        new Key("zone", Expression, "The customer's zone, such as traits.zone. Without: the model's."),
        new Key("unknown_zone", new TextShape("hold, send, or a time zone's name", "^[A-Za-z0-9_+:-]+(/[A-Za-z0-9_+-]+)*$", 64)
            {
                Problem = name => name is "hold" or "send" ? null : Zone.Problem(name),
            },
            "Where the zone is missing or unknown: hold the action, send it, or take this zone.") { Default = "hold" },
        new Key("channels", new ListShape("channels", Word, 1, 32, unique: true), "Quiet on these channels only. Without: on all."));

    public static readonly MapShape Holdout = new("a holdout",
        new Key("share", Share, "Share of customers who get no commercial action, to compare with.") { IsRequired = true },
        new Key("salt", new TextShape("a text", "^[\\s\\S]{1,64}$", 64), "Another salt draws other customers.") { Default = "" });

    public static readonly MapShape Policy = new("a contact policy",
        new Key("consent", new NamedShape("consents", NameRule.Property, Expression, 100), "By channel or purpose: true where the customer agreed. A channel that is missing here has no consent."),
        new Key("caps", new ListShape("caps", Cap, 0, 100), "Most contacts in rolling windows."),
        new Key("reserve_for", LongSpan, "How long a decision holds its place in the caps if nothing is sent.") { Default = "15m" },
        new Key("reject", Reject, "Pauses an action that was declined."),
        new Key("quiet", Quiet, "When nobody is to be disturbed."),
        new Key("holdout", Holdout, "The control group."));

    public static readonly MapShape QueueDefault = new("what is assumed of a queue",
        new Key("waiting", new WholeNumberShape(0, 1_000_000), "Customers waiting."),
        new Key("longest_wait", new NumberShape(0, 1e9), "Seconds."),
        new Key("service_level", Share, "Share of contacts answered in time."),
        new Key("agents_free", new WholeNumberShape(0, 1_000_000), "Agents free."));

    public static readonly MapShape Queue = new("a queue",
        new Key("target", Share, "Its service level should be at least this."),
        new Key("stale_after", LongSpan, "Its state is unknown once the last message about it is older than this.") { Default = "5m" },
        new Key("default", QueueDefault, "What is assumed while its state is unknown. Without: null."));

    public static readonly MapShape Routing = new("a routing",
        new Key("queue", Expression, "The queue's name.") { IsRequired = true },
        new Key("score", Expression, "0 to 1000, higher first; what is beyond counts as the bound.") { IsRequired = true },
        new Key("reasons", new NamedShape("reasons", NameRule.Common, Expression, 100), "Why, as codes; the first three that hold are told."),
        new Key("agent", Expression, "The agent who knows the customer."),
        new Key("skills", Expression, "A list of what the agent must bring."),
        new Key("valid_for", LongSpan, "How long the record may be used.") { Default = "30m" });

    public static readonly MapShape Pii = new("personal data",
        new Key("masked", new ListShape("traits", new TextShape("a trait, such as traits.name", $@"^traits\.{IdentifierPattern}(\.{IdentifierPattern})?$", 130), 0, 1_000, unique: true),
            "Traits shown as *** in logs, explanations and the console."),
        new Key("lookup", new NamedShape("lookups", NameRule.Property, new TextShape("a trait, such as traits.phone", $@"^traits\.{IdentifierPattern}(\.{IdentifierPattern})?$", 130), 16),
            "By which traits a customer is found: phone: traits.phone."));

    public static readonly Shape Scores = new NamedShape("scores", NameRule.Common, Score, 1_000);

    public static readonly Shape Actions = new NamedShape("actions", NameRule.Common, Action, 1_000);

    public static readonly Shape Queues = new NamedShape("queues", NameRule.Property, Queue, 1_000);
}
