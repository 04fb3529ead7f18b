using StreamInsight.Events;

namespace StreamInsight.Sqlite;

/// <summary>Which dead letters are asked for. <c>default</c> limits: the first hundred.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Only those with a greater number.</summary>
    public long After { get; init; }

    /// <summary>Null = every reason.</summary>
    public Refusal? Reason { get; init; }

    /// <summary>Record time from (UTC ms, inclusive).</summary>
    public long SinceMs { get; init; } = long.MinValue;

    /// <summary>Record time to (UTC ms, exclusive).</summary>
    public long UntilMs { get; init; } = long.MaxValue;

    /// <summary>Only those that were not put back.</summary>
    public bool OnlyOpen { get; init; }

    public int Max { get; init; } = 100;
}
