using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline.Replay;

/// <summary>What a replay counted. Depends on the log and the model alone, so two replays of one log write the same.</summary>
public sealed class ReplaySummary
{
    public required string Model { get; init; }

    /// <summary>Messages read: batches counted by their messages, blank lines not.</summary>
    public long Events { get; set; }

    public long Accepted { get; set; }

    /// <summary>By <see cref="Refusal"/>.</summary>
    public long[] Refused { get; } = new long[Enum.GetValues<Refusal>().Length];

    /// <summary>Customers at the end.</summary>
    public long Customers { get; set; }

    /// <summary>By <see cref="FactKind"/>.</summary>
    public long[] Facts { get; } = new long[Enum.GetValues<FactKind>().Length];

    /// <summary>Per segment, in written order: entered − left = members, always.</summary>
    public required SegmentCount[] Segments { get; init; }

    /// <summary>Customers by stage at the end, in written order.</summary>
    public required (string Stage, long Customers)[] Stages { get; init; }

    public long MergeRefused { get; set; }

    public long IdentityLimitRefused { get; set; }

    /// <summary>Records more than 24 h ahead of every record before them: they fire everyone's timers at the end.</summary>
    public long RecordTimeJumps { get; set; }

    /// <summary>Conditions that ended in an error and counted as false: where in the model, how often.</summary>
    public List<(string Where, long Count)> Errors { get; } = [];

    /// <summary>Scores that learn, and how they did.</summary>
    public List<(string Name, Scores.ScoreReport Report)> Scores { get; } = [];

    /// <summary>The instant every customer was advanced to, UTC ms; null = there was no record.</summary>
    public long? UntilMs { get; set; }

    public long TotalFacts => Facts.Sum();

    public long TotalRefused => Refused.Sum();
}

/// <summary>One segment's books.</summary>
public sealed class SegmentCount(string name)
{
    public string Name => name;

    public long Entered { get; set; }

    public long Left { get; set; }

    public long Members { get; set; }

    public bool IsConserved => Entered - Left == Members;
}
