namespace StreamInsight.Events;

/// <summary>
/// Where a record's time comes from. <c>default</c> = a file: the record says it itself (<c>receivedAt</c>, else its own <c>timestamp</c>,
/// <c>originalTimestamp</c>, <c>sentAt</c>; a record with none is refused).
/// </summary>
public readonly struct RecordSource
{
    private RecordSource(long recordTimeMs)
    {
        HasRecordTime = true;
        RecordTimeMs = recordTimeMs;
    }

    public static RecordSource File => default;

    /// <summary>False = the record says its time itself.</summary>
    public bool HasRecordTime { get; }

    /// <summary>UTC ms; only where <see cref="HasRecordTime"/>.</summary>
    public long RecordTimeMs { get; }

    /// <summary>Kafka or the embedded log: they know when the record came, UTC ms.</summary>
    public static RecordSource At(long recordTimeMs) => new(recordTimeMs);
}
