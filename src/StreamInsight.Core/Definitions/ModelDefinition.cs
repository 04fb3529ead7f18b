namespace StreamInsight.Definitions;

/// <summary>Where something stands in the model file. Line and column count from 1; <c>default</c> (0, 0) = not in a file.</summary>
public readonly record struct Mark(int Line, int Column);

/// <summary>The types a property or trait may be declared with.</summary>
public enum PropertyType : byte
{
    String,
    Int,
    Double,
    Bool,
    Timestamp,
}

/// <summary>A CEL source text and where it stands.</summary>
public sealed record ExpressionSource(string Text, Mark Mark);

/// <summary>
/// The insight model as written: names, texts and durations, in written order, nothing resolved or compiled.
/// Made by <c>ModelReader</c>, turned into something that runs by <c>CompiledModel</c>.
/// </summary>
public sealed class ModelDefinition
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary>IANA zone for calendar functions; UTC by default.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Records older than this at arrival are refused as late. 24 h by default.</summary>
    public long LatenessMs { get; init; } = 24 * 3_600_000L;

    /// <summary>How long an accepted messageId is remembered. 1 h by default.</summary>
    public long DedupeWindowMs { get; init; } = 3_600_000L;

    /// <summary>How many accepted messageIds are remembered. 32 by default.</summary>
    public int DedupeMax { get; init; } = 32;

    /// <summary>Entries a windowed feature keeps before it changes to tiles. 64 by default; a feature may have its own.</summary>
    public int ExactMax { get; init; } = 64;

    public IReadOnlyList<PropertyDefinition> Traits { get; init; } = [];

    public IReadOnlyList<EventDefinition> Events { get; init; } = [];

    public IReadOnlyList<FeatureDefinition> Features { get; init; } = [];

    public JourneyDefinition? Journey { get; init; }

    public IReadOnlyList<SegmentDefinition> Segments { get; init; } = [];

    public IReadOnlyList<TriggerDefinition> Triggers { get; init; } = [];

    public IReadOnlyList<SubscriberDefinition> Subscribers { get; init; } = [];

    /// <summary><c>name@version</c>.</summary>
    public string Id => $"{Name}@{Version}";
}

/// <summary>A declared property of an event, or a declared trait. A trait of a group is named <c>group.x</c>.</summary>
public sealed record PropertyDefinition(string Name, PropertyType Type, Mark Mark);

/// <summary>An event that matters: its short name, its name on the wire, its declared properties.</summary>
public sealed record EventDefinition(string ShortName, string WireName, IReadOnlyList<PropertyDefinition> Properties, Mark Mark);

/// <summary>Which aggregate a feature computes.</summary>
public enum Aggregate : byte
{
    Count,
    Sum,
    Avg,
    Stddev,
    Min,
    Max,
    First,
    Last,
    LastK,
    Distinct,
    Mode,
    Decayed,
    Sequence,
    Sessions,

    /// <summary>A derived feature: an expression over other features, traits and now.</summary>
    Expr,
}

/// <summary>One feature as written. Which members are set depends on the aggregate.</summary>
public sealed record FeatureDefinition
{
    public required string Name { get; init; }

    public required Aggregate Aggregate { get; init; }

    public required Mark Mark { get; init; }

    /// <summary>Short names of the events observed, or <c>*</c>; one, except for a sequence (its steps in order).</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>The property aggregated; null = the event itself. <c>timestamp</c> and <c>channel</c> exist for every event unless declared.</summary>
    public string? Property { get; init; }

    public ExpressionSource? Where { get; init; }

    /// <summary>Null = the customer's whole life.</summary>
    public long? WindowMs { get; init; }

    public long OffsetMs { get; init; }

    /// <summary>Of <c>decayed</c>.</summary>
    public long HalfLifeMs { get; init; }

    /// <summary>Of <c>sequence</c>: first to last at most this far apart.</summary>
    public long WithinMs { get; init; }

    /// <summary>Of <c>sessions</c>: a longer gap starts a new run.</summary>
    public long GapMs { get; init; }

    /// <summary>Of <c>last_k</c>; 5 by default.</summary>
    public int K { get; init; } = 5;

    /// <summary>Entries kept; null = the model's.</summary>
    public int? ExactMax { get; init; }

    /// <summary>Of a derived feature.</summary>
    public ExpressionSource? Expression { get; init; }
}

/// <summary>The journey: its stages in order and its transitions in order.</summary>
public sealed record JourneyDefinition(string Initial, IReadOnlyList<string> Stages, IReadOnlyList<TransitionDefinition> Transitions, Mark Mark);

/// <summary>One transition. <paramref name="From"/> may be <c>*</c>; at least one of <paramref name="When"/> and <paramref name="AfterMs"/> is set.</summary>
public sealed record TransitionDefinition(string From, string To, ExpressionSource? When, long? AfterMs, long MinDwellMs, Mark Mark);

/// <summary>One segment. <paramref name="Exit"/> null = when <paramref name="When"/> is not true.</summary>
public sealed record SegmentDefinition(string Name, ExpressionSource When, ExpressionSource? Exit, long ForMs, long MinStayMs, Mark Mark);

/// <summary>Which facts a trigger answers.</summary>
public enum TriggerOn : byte
{
    Entered,
    Left,
    Stage,
}

/// <summary>One trigger. <paramref name="Target"/> is a segment, a stage, or <c>*</c>; <paramref name="MaxAgeMs"/> null = for ever.</summary>
public sealed record TriggerDefinition(
    string Name, TriggerOn On, string Target, long? MaxAgeMs, IReadOnlyList<string> To, IReadOnlyList<ExpressionSource> With, Mark Mark);

/// <summary>A webhook subscriber; the secret is read from the environment variable named.</summary>
public sealed record SubscriberDefinition(string Name, string Url, string? SecretEnv, Mark Mark);
