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
            untilMs = Math.Max(untilMs, HandoverCodec.Decode(batch.Records[i].Bytes) switch
            {
                EventParcel message => message.RecordTimeMs,
                MergeClaim claim => claim.RecordTimeMs,
                _ => RecordBatch.NoHorizon,
            });
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
}
