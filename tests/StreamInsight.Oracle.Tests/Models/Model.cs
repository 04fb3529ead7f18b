using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Models;

/// <summary>The insight model as the oracle reads it: names, expressions and durations in written order.</summary>
public sealed record Model
{
    public required string Id { get; init; }

    public string Zone { get; init; } = "UTC";

    public long LatenessMs { get; init; } = 24 * 3_600_000L;

    public long DedupeWindowMs { get; init; } = 3_600_000L;

    public int DedupeMax { get; init; } = 32;

    public int ExactMax { get; init; } = 64;

    /// <summary>Type by trait; those of a group are named <c>group.x</c>.</summary>
    public List<KeyValuePair<string, string>> Traits { get; init; } = [];

    public List<Event> Events { get; init; } = [];

    public List<Feature> Features { get; init; } = [];

    public Journey? Journey { get; init; }

    public List<Segment> Segments { get; init; } = [];

    public List<Trigger> Triggers { get; init; } = [];

    public List<Score> Scores { get; init; } = [];

    public List<CustomerAction> Actions { get; init; } = [];

    public Arbitration Arbitration { get; init; } = new();

    public Policy Policy { get; init; } = new();

    public List<Queue> Queues { get; init; } = [];

    public RoutingRules? Routing { get; init; }

    /// <summary>Every expression of the model that a timer step may evaluate.</summary>
    public IEnumerable<Cel> Conditions() =>
    [
        .. Features.Where(f => f.Expression is not null).Select(f => f.Expression!),
        .. Journey?.Transitions.Where(t => t.When is not null).Select(t => t.When!) ?? [],
        .. Segments.SelectMany(s => s.Exit is null ? [s.When] : new[] { s.When, s.Exit }),
        .. Scores.Select(s => s.Expression),
        .. Actions.SelectMany(a => new[] { a.Eligible, a.Value, a.Propensity, a.Context, a.Lever }).OfType<Cel>(),
        .. Policy.Consent?.Values.ToList() ?? [],
        .. Routing is null ? [] : new[] { Routing.Queue, Routing.Score, Routing.Agent, Routing.Skills }.OfType<Cel>(),
        .. Routing?.Reasons.Select(r => r.Value) ?? [],
    ];
}

/// <summary>A declared event: the name expressions use, the name on the wire, its property types.</summary>
public sealed record Event(string Short, string Wire, Dictionary<string, string> Properties);

/// <summary>A feature. <paramref name="Aggregate"/> is the key it was written with; <c>expr</c> for a derived one.</summary>
public sealed record Feature(string Name, string Aggregate)
{
    /// <summary>Short names, or <c>*</c>; several for a sequence only.</summary>
    public List<string> Events { get; init; } = [];

    /// <summary>Null = the event itself.</summary>
    public string? Property { get; init; }

    /// <summary>Declared type of the property; null for the event itself, timestamp and channel.</summary>
    public string? PropertyType { get; init; }

    public Cel? Where { get; init; }

    public long? WindowMs { get; init; }

    public long OffsetMs { get; init; }

    public long HalfLifeMs { get; init; }

    public long WithinMs { get; init; }

    public long GapMs { get; init; }

    public int K { get; init; } = 5;

    public int ExactMax { get; init; }

    public Cel? Expression { get; init; }
}

/// <summary>Stages in written order and transitions in written order.</summary>
public sealed record Journey(string Initial, List<string> Stages, List<Transition> Transitions);

/// <summary>One transition; <paramref name="DwellMs"/> is the longer of <c>after</c> and <c>min_dwell</c>.</summary>
public sealed record Transition(string From, string To, Cel? When, long DwellMs);

/// <summary>One segment; <paramref name="Exit"/> null = when <paramref name="When"/> is not true.</summary>
public sealed record Segment(string Name, Cel When, Cel? Exit, long ForMs, long MinStayMs);

/// <summary>One trigger; <paramref name="On"/> is entered, left or stage of <paramref name="Target"/>, a name or <c>*</c>.</summary>
public sealed record Trigger(string Name, string On, string Target, List<string> With);
