namespace StreamInsight.Pipeline;

/// <summary>Limits and times of one partition worker.</summary>
public sealed record WorkerOptions
{
    public ClockMode Clock { get; init; } = ClockMode.Wall;

    /// <summary>A timer fires when the wall clock passes its due time by this, so that records under way come first. 250 ms by default.</summary>
    public TimeSpan TimerGrace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Changes that cause no fact wait at most this long for their commit; facts and dead letters never wait. 250 ms by default.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Messages applied in one round, before timers and questions have their turn. 4,096 by default.</summary>
    public int MaxMessagesARound { get; init; } = 4096;

    /// <summary>Messages that may be applied and not committed. 32,768 by default.</summary>
    public int MaxMessagesUncommitted { get; init; } = 32768;

    /// <summary>Several partitions: messages that may wait for merges before the source of events pauses. 100,000 by default.</summary>
    public int MaxHeldMessages { get; init; } = 100_000;

    /// <summary>Timers fired in one round while messages wait; four times as many when none do. 256 by default.</summary>
    public int MaxTimersARound { get; init; } = 256;

    /// <summary>Facts that may wait for the slowest sink before sources pause. 100,000 by default.</summary>
    public int OutboxCapacity { get; init; } = 100_000;

    /// <summary>Facts kept after every sink has taken them, for queries and streams that resume. 20,000 by default.</summary>
    public int FactHistory { get; init; } = 20_000;

    /// <summary>How long records of an erased customer are refused. 30 days by default.</summary>
    public TimeSpan ForgetTombstoneAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Dead letters kept; the oldest go. 1,000,000 by default.</summary>
    public int DeadLettersKept { get; init; } = 1_000_000;
}
