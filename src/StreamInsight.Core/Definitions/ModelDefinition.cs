namespace StreamInsight.Definitions;

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

    public IReadOnlyList<ScoreDefinition> Scores { get; init; } = [];

    public IReadOnlyList<ActionDefinition> Actions { get; init; } = [];

    public ArbitrationDefinition Arbitration { get; init; } = new();

    public PolicyDefinition Policy { get; init; } = new();

    public IReadOnlyList<QueueDefinition> Queues { get; init; } = [];

    /// <summary>Null where the model routes nothing.</summary>
    public RoutingDefinition? Routing { get; init; }

    public PiiDefinition Pii { get; init; } = new([], []);

    /// <summary>
    /// Names that are declared but too faulty to have a type (<c>features.x</c>, <c>segments.x</c>, <c>traits.x</c>, <c>events.x.y</c>; <c>features.</c> = the
    /// whole section), so that they are not reported a second time as unknown. Empty in a model without faults.
    /// </summary>
    public IReadOnlySet<string> Unclear { get; init; } = new HashSet<string>();

    /// <summary><c>name@version</c>.</summary>
    public string Id => $"{Name}@{Version}";
}
