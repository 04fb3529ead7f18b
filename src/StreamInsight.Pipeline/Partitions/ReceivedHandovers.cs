namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// Batches from other partitions until their turn. They are about records of other sources; what this partition's own sources took before those comes first, as it would in a
/// replay, which reads all sources merged by record time. So a batch waits until the own sources are known up to its latest record, or up to when it came.
/// </summary>
internal sealed class ReceivedHandovers
{
    private readonly Queue<(DecodedBatch Batch, long UntilMs)> _waiting = [];

    /// <param name="nowMs">UTC ms: a record time of the future is not waited for.</param>
    public void Add(DecodedBatch batch, long nowMs)
    {
        long untilMs = RecordBatch.NoHorizon;
        for (int i = 0; i < batch.Records.Count; i++)
        {
            if (Read(batch.Records[i]) is { } parcel)
                untilMs = Math.Max(untilMs, RecordTimeMs(parcel));
        }
        _waiting.Enqueue((batch, Math.Min(untilMs, nowMs)));
    }

    /// <summary>The next batch whose turn has come; null = none.</summary>
    public DecodedBatch? TakeReady(List<SourcePump> pumps)
    {
        if (_waiting.Count == 0)
            return null;
        foreach (SourcePump pump in pumps)
        {
            if (!pump.Source.CarriesHandovers && !pump.IsExhausted && pump.HorizonMs < _waiting.Peek().UntilMs)
                return null;
        }
        return _waiting.Dequeue().Batch;
    }

    /// <summary>Null: it is none of ours, somebody else writes to the topic. What a newer release wrote is an error: passed over, it would be lost.</summary>
    public static Parcel? Read(SourceRecord record)
    {
        try
        {
            return HandoverCodec.Decode(record.Bytes);
        }
        catch (InvalidDataException) when (!HandoverCodec.IsOfNewerRelease(record.Bytes.Span))
        {
            return null;
        }
    }

    private static long RecordTimeMs(Parcel parcel) => parcel switch
    {
        EventParcel message => message.RecordTimeMs,
        MergeClaim claim => claim.RecordTimeMs,
        _ => RecordBatch.NoHorizon,
    };
}
